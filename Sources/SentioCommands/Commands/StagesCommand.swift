import ArgumentParser
import SentioKit

struct StagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stages", abstract: "List stage kinds, or describe the inputs, outputs and parameters of one.")

    @Argument(
        help: "A kind. Default: list all kinds.", completion: .custom { _, _, _ in KnownKinds.registry.allKinds })
    var kind: String?

    @OptionGroup var format: FormatOptions

    func run() throws {
        let registry = KnownKinds.registry
        guard let kind else {
            if format.json {
                let groups = registry.groupKinds.compactMap { registry[group: $0].map(Self.value) }
                return Output.json([
                    "schema": 1, "kinds": .list(registry.kinds.compactMap { registry[$0].map(Self.value) }),
                    "groups": .list(groups),
                ])
            }
            var table = TextTable(["kind", "what it does"])
            for kind in registry.allKinds {
                table.rows.append([
                    kind, registry[kind]?.summary ?? registry[group: kind].map { "(group) \($0.summary)" } ?? "",
                ])
            }
            return Output.text(table.lines())
        }
        if let group = registry[group: kind] {
            if format.json { return Output.json(Self.value(group)) }
            return Output.text(Self.lines(group))
        }
        guard let stage = registry[kind] else {
            let hint = Suggestion.nearest(to: kind, among: registry.allKinds).map { " Did you mean `\($0)`?" } ?? ""
            throw ValidationError(
                "There is no kind `\(kind)`.\(hint) The kinds are \(registry.allKinds.joined(separator: ", ")).")
        }
        if format.json { return Output.json(Self.value(stage)) }
        Output.text(Self.lines(stage))
    }

    private static func lines(_ stage: any StageKind.Type) -> [String] {
        var lines = ["\(stage.kind) (version \(stage.version))", "  \(stage.summary)"]
        if !stage.inputs.isEmpty || stage.notation.takesFurtherInputs { lines += ["", "in:"] }
        for port in stage.inputs {
            let types = port.types.map(\.name).joined(separator: " or ")
            lines.append("  \(port.name): \(types)\(port.isRequired ? "" : ", optional"). \(port.summary)")
        }
        if stage.notation.takesFurtherInputs {
            let types = stage.notation.furtherTypes.map(\.name).joined(separator: " or ")
            lines.append("  any names, \(types.isEmpty ? "any artifacts" : types)")
        }
        if !stage.outputs.isEmpty { lines += ["", "out:"] }
        for port in stage.outputs { lines.append("  \(port.name): \(port.type). \(port.summary)") }
        if !stage.parameters.isEmpty {
            lines += ["", stage.notation.parametersAtStage ? "keys of the stage itself:" : "with:"]
        }
        return lines + stage.parameters.flatMap(Self.lines)
    }

    private static func lines(_ group: any StageGroup.Type) -> [String] {
        var lines = ["\(group.kind) (a group of stages)", "  \(group.summary)", "", "in:"]
        for port in group.inputs {
            lines.append("  \(port.name): \(port.types.map(\.name).joined(separator: " or ")). \(port.summary)")
        }
        lines += ["", "out:"] + group.outputs.map { "  \($0.name): \($0.type). \($0.summary)" }
        lines +=
            ["", "available to its members, under `stages:`:"]
            + group.provided.map { "  \($0.name): \($0.type). \($0.summary)" }
        if !group.parameters.isEmpty { lines += ["", "with:"] }
        return lines + group.parameters.flatMap(Self.lines)
    }

    private static func lines(_ parameter: any ParameterDefinition) -> [String] {
        let start = parameter.defaultAsValue.map { JSON.text($0) } ?? "(required)"
        let unit = parameter.unit.map { " \($0)" } ?? ""
        let source = parameter.source.map { " Default from \($0)." } ?? ""
        return [
            "  \(parameter.name): \(start)\(unit)",
            "      \(parameter.summary) Accepts \(parameter.accepted).\(source)",
        ]
    }

    private static func value(_ stage: any StageKind.Type) -> Value {
        [
            "kind": .string(stage.kind), "version": .int(stage.version), "summary": .string(stage.summary),
            "inputs": .list(stage.inputs.map(value)), "outputs": .list(stage.outputs.map(value)),
            "parameters": .list(stage.parameters.map(value)),
        ]
    }

    private static func value(_ group: any StageGroup.Type) -> Value {
        [
            "kind": .string(group.kind), "summary": .string(group.summary), "inputs": .list(group.inputs.map(value)),
            "outputs": .list(group.outputs.map(value)), "members_see": .list(group.provided.map(value)),
            "reserved_names": .list((group.provided.map(\.name) + group.reserved).map { .string($0) }),
            "parameters": .list(group.parameters.map(value)),
        ]
    }

    private static func value(_ port: InputPort) -> Value {
        [
            "name": .string(port.name), "types": .list(port.types.map { .string($0.name) }),
            "required": .bool(port.isRequired),
            "summary": .string(port.summary),
        ]
    }

    private static func value(_ port: OutputPort) -> Value {
        ["name": .string(port.name), "type": .string(port.type.name), "summary": .string(port.summary)]
    }

    private static func value(_ parameter: any ParameterDefinition) -> Value {
        [
            "name": .string(parameter.name), "default": parameter.defaultAsValue ?? .null,
            "required": .bool(parameter.defaultAsValue == nil), "unit": parameter.unit.map(Value.string) ?? .null,
            "summary": .string(parameter.summary), "accepts": .string(parameter.accepted),
            "source": parameter.source.map(Value.string) ?? .null, "schema": parameter.schema,
        ]
    }
}
