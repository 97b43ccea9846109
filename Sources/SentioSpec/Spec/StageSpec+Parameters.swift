import SentioKit

extension StageSpec {
    /// The parameters as given in the file, and the origin of each. Paths, also those in lists and mappings, become
    /// absolute: they are relative to the file that contains them or, with `--set`, to the current folder.
    func given(for definitions: [any ParameterDefinition]) -> (values: [String: Value], origins: [String: String]) {
        var values: [String: Value] = [:], origins: [String: String] = [:]
        for key in parameters.keys {
            guard let node = parameters[key] else { continue }
            let definition = definitions.first { $0.name == key }
            let value = Self.value(node, definition?.path)
            values[key] = definition?.normalized(value).map { Self.asWritten(node, value, $0) } ?? value
            origins[key] = node.origin.text
        }
        return (values, origins)
    }

    /// The faults of the parameters, each with its origin.
    func faults(_ errors: ConfigurationErrors, kind: String) -> [(sentence: String, origin: SpecOrigin)] {
        // Without the broken values it is unknown whether the others are complete and fit together.
        let isWhole = !broken.contains { $0.hasPrefix("with") }
        return errors.problems.filter { isWhole || $0.standsAlone && !broken.contains("with.\($0.parameter)") }.map {
            problem in
            let entry = parameters.entries[problem.parameter]
            var origin = entry?.node.origin ?? self.origin
            if case .unknown = problem, let key = entry?.keyOrigin { origin = key }
            return ("Stage `\(label)` (\(kind)): \(problem.inWords)", origin)
        }
    }

    /// The value, with numbers as spelled in the file if the parameter is text: `outs: [1e3]` is the file `1e3`.
    private static func asWritten(_ node: SpecNode, _ value: Value, _ normal: Value) -> Value {
        switch (node.content, normal) {
        case (.scalar, .string): return node.written.map(Value.string) ?? value
        case (.scalar, .list(let normals)) where normals.count == 1: return asWritten(node, value, normals[0])
        case (.list(let nodes), .list(let normals)) where nodes.count == normals.count:
            guard let values = value.list, values.count == nodes.count else { return value }
            return .list(nodes.indices.map { asWritten(nodes[$0], values[$0], normals[$0]) })
        default: return value
        }
    }

    private static func value(_ node: SpecNode, _ rule: PathRule?) -> Value {
        guard let rule else { return node.value }
        switch node.content {
        case .list(let nodes): return .list(nodes.map { value($0, rule) })
        case .map(let map): return .map(map.entries.mapValues { value($0.node, rule) })
        case .scalar(.string(let text)) where !text.isEmpty && !rule.reserved.contains(text):
            return .string(absolute(text, node.origin))
        case .scalar(.int), .scalar(.double): return .string(absolute(node.printed, node.origin))
        case .scalar(let value): return value
        }
    }

    private static func absolute(_ path: String, _ origin: SpecOrigin) -> String {
        Paths.absolute(Paths.resolve(path, relativeTo: origin.location.map { Paths.directory(of: $0.file) } ?? "."))
    }
}

extension ConfigurationError {
    /// The message; for a list it adds that a single value is accepted too.
    fileprivate var inWords: String {
        let list = [String].accepted.dropLast(String.accepted.count)
        guard case .notAccepted(let name, let value, let accepted) = self, accepted.hasPrefix(list) else {
            return sentence
        }
        let each = "\(accepted.dropFirst(list.count)), or a list of such values"
        return ConfigurationError.notAccepted(parameter: name, value: value, accepted: each).sentence
    }

    /// Whether it is a fault whatever the other parameters are.
    fileprivate var standsAlone: Bool {
        switch self {
        case .unknown, .notAccepted: true
        case .missing, .invalid: false
        }
    }
}
