import SentioKit

/// `params:` as in DVC: single values of YAML or JSON files that the result depends on.
///
///     params: [lr, model.dim]                          # of params.yaml
///     params: [lr, { other.json: [seed, data.split] }] # and of another file
///     params: [{ params.yaml: null }]                  # a whole file
struct ParamsFiles: ParameterValue {
    struct File: Sendable, Equatable {
        let path: String
        /// Dotted keys; empty: the whole file.
        let keys: [String]
    }
    /// In the order in which the files are first named, each once.
    let files: [File]

    static let standardFile = "params.yaml"

    init?(parameter value: Value) {
        var order: [String] = [], keys: [String: [String]] = [:], whole: Set<String> = []
        func add(_ path: String, _ more: [String]?) {
            if keys[path] == nil { order.append(path) }
            keys[path, default: []] += more ?? []
            if more?.isEmpty ?? true { whole.insert(path) }
        }
        for part in value.list ?? [value] {
            if let map = part.map {
                for path in map.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
                    guard let named = map[path] else { continue }
                    if case .null = named {
                        add(path, nil)
                    } else if let list = [String](parameter: named) {
                        add(path, list)
                    } else {
                        return nil
                    }
                }
            } else if let key = String(parameter: part) {
                add(Self.standardFile, [key])
            } else {
                return nil
            }
        }
        files = order.map { File(path: $0, keys: whole.contains($0) ? [] : keys[$0] ?? []) }
    }

    var parameterValue: Value { .list(files.map { [$0.path: .list($0.keys.map { .string($0) })] }) }
    static var accepted: String { "a list of keys of params.yaml, or of maps from another file to a list of its keys" }
    static var schema: Value {
        let keys: Value = [
            "anyOf": [["type": "array", "items": ["type": "string"]], ["type": "string"], ["type": "null"]]
        ]
        let part: Value = ["anyOf": [["type": "string"], ["type": "object", "additionalProperties": keys]]]
        return ["anyOf": [["type": "array", "items": part], part]]
    }

    /// What is wrong, as sentences.
    var problems: [String] {
        files.flatMap { file -> [String] in
            if file.path.isEmpty || file.path.utf8.contains(0) { return ["a file has no name."] }
            var seen: Set<String> = []
            return file.keys.compactMap { key in
                if key.isEmpty { return "a key of `\(file.path)` is empty." }
                return seen.insert(key).inserted ? nil : "the key `\(key)` of `\(file.path)` is listed twice."
            }
        }
    }

    /// The sources that the engine reads.
    func requests(_ place: (String) -> String) -> [SourceRequest] {
        files.map { file in
            file.keys.isEmpty
                ? SourceRequest("params of \(file.path)", path: place(file.path))
                : SourceRequest("params of \(file.path)", path: place(file.path), form: .values(keys: file.keys))
        }
    }
}
