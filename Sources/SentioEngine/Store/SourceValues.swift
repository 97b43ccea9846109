import SentioKit
import SentioSpec

/// Single values of a YAML or JSON file, hashed separately, so that changes of other keys have no effect.
struct SourceValues {
    let path: String
    /// Name of the file, for source names: `params.yaml`.
    private let label: String
    private let stage: String
    private let root: Value

    /// Parses the file.
    /// - Throws: `StageFailure` for a file that is neither YAML nor JSON.
    init(_ bytes: [UInt8], path: String, stage: String) throws {
        self.path = path
        self.stage = stage
        label = Paths.name(of: path)
        do {
            switch label.split(separator: ".").last?.lowercased() {
            case "json": root = try JSON.parse(bytes)
            case "yaml", "yml": root = try YAML.parse(bytes, path: path)
            default:
                throw StageFailure(
                    "`\(stage)` depends on keys of \(path), but only .yaml, .yml and .json files have keys. List the "
                        + "file under `deps` to depend on all of it."
                )
            }
        } catch let error as JSONError {
            throw StageFailure(
                "`\(stage)` depends on keys of \(path), which is not valid JSON: \(error.problem), at byte "
                    + "\(error.byte)."
            )
        } catch let diagnostic as Diagnostic {
            throw StageFailure("`\(stage)` depends on keys of \(path), which cannot be read: \(diagnostic)")
        }
    }

    /// The values as sources, in byte order of their names `params.yaml:model.dim`.
    /// - Throws: `StageFailure` for a key that does not exist.
    func listing(_ keys: [String]) throws -> SourceListing {
        let files = try keys.map { key in
            let text = JSON.text(Self.canonical(try value(key)).recordable)
            let bytes = Array(text.utf8)
            return SourceFile(
                name: "\(label):\(key)", path: path,
                blob: BlobReference(hash: Hashing.content(bytes), size: bytes.count))
        }
        return SourceListing(files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
    }

    private func value(_ key: String) throws -> Value {
        if let value = root[key] { return value }
        var value = root
        for part in key.split(whereSeparator: { $0 == "." || $0 == "[" || $0 == "]" }).map(String.init) {
            if let inner = value[part] {
                value = inner
            } else if let list = value.list, let index = Int(part), list.indices.contains(index) {
                value = list[index]
            } else {
                let hint =
                    Suggestion.nearest(to: part, among: value.map?.keys.sorted() ?? []).map { " Did you mean `\($0)`?" }
                    ?? ""
                throw StageFailure(
                    "`\(stage)` depends on the key `\(key)` of \(path), but the file has no `\(part)` there.\(hint)")
            }
        }
        return value
    }

    /// `1`, `1.0` and `1e0` are one number.
    private static func canonical(_ value: Value) -> Value {
        switch value {
        case .double: value.int.map(Value.int) ?? value
        case .list(let values): .list(values.map(canonical))
        case .map(let entries): .map(entries.mapValues(canonical))
        default: value
        }
    }
}
