public import SentioKit

/// A value of the resolved pipeline and its origin.
public struct ResolvedValue: Sendable, Equatable {
    /// `params.frames`, `stages.mels.with.n_mels`.
    public let path: String
    /// The value; secrets are masked.
    public let value: Value
    /// `phase4.yaml:14`, `--set epochs=5`, `default`.
    public let origin: String
}

extension Pipeline {
    /// Every value after `extends`, profiles, `--set` and `${}`, with defaults filled in, in the order of the file.
    public var resolvedValues: [ResolvedValue] {
        var values: [ResolvedValue] = [
            ResolvedValue(path: "pipeline", value: .string(name), origin: origin("pipeline"))
        ]
        if let description {
            values.append(
                ResolvedValue(path: "description", value: .string(description), origin: origin("description")))
        }
        values.append(ResolvedValue(path: "seed", value: .int(seed), origin: origin("seed")))
        for param in params {
            values.append(ResolvedValue(path: "params.\(param.name)", value: param.value, origin: param.origin))
        }
        for group in groups {
            let head = Self.path(group.name), origin = group.location?.fileAndLine ?? "default"
            values.append(ResolvedValue(path: "\(head).uses", value: .string(group.kind), origin: origin))
            for input in group.inputs {
                values.append(
                    ResolvedValue(path: "\(head).in.\(input.port)", value: .string(input.reference), origin: origin))
            }
            values += Self.parameters(group.configuration, group.parameterOrigins, head)
        }
        // All copies of a group's member have the same values; stages that the group adds are not in the file.
        var members: Set<String> = []
        for node in graph.nodes where node.group.map({ $0.isMember && members.insert($0.label).inserted }) ?? true {
            let head = node.group.map { Self.path($0.label) } ?? "stages.\(node.name)"
            let origin = node.location?.fileAndLine ?? "default"
            values.append(ResolvedValue(path: "\(head).uses", value: .string(node.kind), origin: origin))
            for input in node.inputs {
                let producer = graph[input.producer]?.group?.row ?? input.producer
                values.append(
                    ResolvedValue(
                        path: "\(head).in.\(input.port)", value: .string("\(producer).\(input.output.name)"),
                        origin: origin))
            }
            values += Self.parameters(node.configuration, node.parameterOrigins, head)
        }
        if let headline {
            let origin = headline.isDeclared ? origin("headline") : "default"
            values.append(ResolvedValue(path: "headline", value: .string(headline.text), origin: origin))
        }
        if let claims = root.map?["claims"], !claims.isNull {
            values.append(ResolvedValue(path: "claims", value: claims.value, origin: claims.origin.text))
        }
        for expectation in expectations {
            values.append(ResolvedValue(path: "expect", value: .string(expectation.text), origin: origin("expect")))
        }
        if let sweep = root.map?["sweep"] { values += Self.leaves(sweep, path: "sweep") }
        guard !secrets.isEmpty else { return values }
        return values.map { value in
            let name = value.path.split(separator: ".").last.map(String.init) ?? value.path
            return ResolvedValue(path: value.path, value: secrets.masked(value.value, of: name), origin: value.origin)
        }
    }

    private func origin(_ key: String) -> String { root.map?[key]?.origin.text ?? "default" }

    /// The path of `cv.ridge` in the file: `stages.cv.stages.ridge`.
    private static func path(_ name: String) -> String {
        let own = StageName(name)
        let path = "stages." + own.path.split(separator: ".").joined(separator: ".stages.")
        return own.cells.isEmpty ? path : path + "@" + own.cells.joined(separator: ",")
    }

    /// The values of a part of the file; a list is one value.
    private static func leaves(_ node: SpecNode, path: String) -> [ResolvedValue] {
        guard let map = node.map else {
            return [ResolvedValue(path: path, value: node.value, origin: node.origin.text)]
        }
        return map.keys.flatMap { key in map[key].map { leaves($0, path: "\(path).\(key)") } ?? [] }
    }

    private static func parameters(_ configuration: Configuration, _ origins: [String: String], _ head: String)
        -> [ResolvedValue]
    {
        configuration.values.sorted { $0.key < $1.key }.map { name, value in
            ResolvedValue(path: "\(head).with.\(name)", value: value, origin: origins[name] ?? "default")
        }
    }
}
