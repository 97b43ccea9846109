public import SentioKit

/// A value of the resolved pipeline and where it came from.
public struct ResolvedValue: Sendable, Equatable {
    /// `params.frames`, `stages.mels.with.n_mels`.
    public let path: String
    public let value: Value
    public let origin: String
}

extension Pipeline {
    /// Every value after `extends`, profiles, `--set` and `${}`, with defaults filled in, in the order of the file.
    public var resolvedValues: [ResolvedValue] {
        var values: [ResolvedValue] = [ResolvedValue(path: "pipeline", value: .string(name), origin: origin("pipeline"))]
        if let description { values.append(ResolvedValue(path: "description", value: .string(description), origin: origin("description"))) }
        values.append(ResolvedValue(path: "seed", value: .int(seed), origin: origin("seed")))
        for param in params { values.append(ResolvedValue(path: "params.\(param.name)", value: param.value, origin: param.origin)) }
        for node in graph.nodes {
            let head = "stages.\(node.name)"
            values.append(ResolvedValue(path: "\(head).uses", value: .string(node.kind), origin: node.location?.fileAndLine ?? "default"))
            for input in node.inputs {
                let reference = "\(input.producer).\(input.output.name)"
                values.append(
                    ResolvedValue(
                        path: "\(head).in.\(input.port)", value: .string(reference), origin: node.location?.fileAndLine ?? "default"))
            }
            for (name, value) in node.configuration.values.sorted(by: { $0.key < $1.key }) {
                values.append(ResolvedValue(path: "\(head).with.\(name)", value: value, origin: node.parameterOrigins[name] ?? "default"))
            }
        }
        for expectation in expectations {
            values.append(ResolvedValue(path: "expect", value: .string(expectation.text), origin: origin("expect")))
        }
        return values
    }

    private func origin(_ key: String) -> String { root.map?[key]?.origin.text ?? "default" }
}
