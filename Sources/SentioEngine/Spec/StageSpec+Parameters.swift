import SentioKit

extension StageSpec {
    /// The parameters as the file gives them, and where each stands. A path becomes absolute: relative to the file it stands
    /// in, or, from `--set`, to the current folder; so does each of a list or map of paths.
    func given(for definitions: [any ParameterDefinition]) -> (values: [String: Value], origins: [String: String]) {
        var values: [String: Value] = [:], origins: [String: String] = [:]
        for key in parameters.keys {
            guard let node = parameters[key] else { continue }
            values[key] = Self.value(node, definitions.first { $0.name == key }?.path)
            origins[key] = node.origin.text
        }
        return (values, origins)
    }

    /// What is wrong with the parameters, each with its place.
    func faults(_ errors: ConfigurationErrors, kind: String) -> [(sentence: String, origin: SpecOrigin)] {
        errors.problems.map { problem in
            let entry = parameters.entries[problem.parameter]
            var origin = entry?.node.origin ?? self.origin
            if case .unknown = problem, let key = entry?.keyOrigin { origin = key }
            return ("Stage `\(label)` (\(kind)): \(problem.sentence)", origin)
        }
    }

    private static func value(_ node: SpecNode, _ rule: PathRule?) -> Value {
        guard let rule else { return node.value }
        switch node.content {
        case .list(let nodes): return .list(nodes.map { value($0, rule) })
        case .map(let map): return .map(map.entries.mapValues { value($0.node, rule) })
        case .scalar(.string(let text)) where !text.isEmpty && !rule.reserved.contains(text):
            let folder = node.origin.location.map { Paths.directory(of: $0.file) } ?? "."
            return .string(Paths.absolute(Paths.resolve(text, relativeTo: folder)))
        case .scalar(let value): return value
        }
    }
}
