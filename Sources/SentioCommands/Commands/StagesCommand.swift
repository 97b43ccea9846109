import ArgumentParser
import SentioKit

struct StagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stages", abstract: "List the stage kinds, or say what one takes, gives and accepts.")

    @Argument(help: "A kind; without it all are listed.", completion: .custom { _, _, _ in SentioTool.registry.kinds })
    var kind: String?

    @OptionGroup var format: FormatOptions

    func run() throws {
        let registry = SentioTool.registry
        guard let kind else {
            if format.json {
                return Output.json(["schema": 1, "kinds": .list(registry.kinds.compactMap { registry[$0].map(Self.value) })])
            }
            var table = TextTable(["kind", "what it does"])
            for kind in registry.kinds { table.rows.append([kind, registry[kind]?.summary ?? ""]) }
            return table.lines().forEach(Output.line)
        }
        guard let stage = registry[kind] else {
            let hint = Suggestion.nearest(to: kind, among: registry.kinds).map { " Did you mean `\($0)`?" } ?? ""
            throw ValidationError("There is no kind `\(kind)`.\(hint) Known are \(registry.kinds.joined(separator: ", ")).")
        }
        if format.json { return Output.json(Self.value(stage)) }
        Self.lines(stage).forEach(Output.line)
    }

    private static func lines(_ stage: any Stage.Type) -> [String] {
        var lines = ["\(stage.kind) (version \(stage.version))", "  \(stage.summary)"]
        if !stage.inputs.isEmpty || stage.acceptsAnyInput { lines += ["", "in:"] }
        for port in stage.inputs {
            let types = port.types.map(\.name).joined(separator: " or ")
            lines.append("  \(port.name): \(types)\(port.isRequired ? "" : ", optional"). \(port.summary)")
        }
        if stage.acceptsAnyInput { lines.append("  any names, any artifacts") }
        if !stage.outputs.isEmpty { lines += ["", "gives:"] }
        for port in stage.outputs { lines.append("  \(port.name): \(port.type). \(port.summary)") }
        if !stage.parameters.isEmpty { lines += ["", stage.hasParametersAtStageLevel ? "at the stage itself:" : "with:"] }
        for parameter in stage.parameters {
            let start = parameter.defaultAsValue.map { JSON.text($0) } ?? "(required)"
            let unit = parameter.unit.map { " \($0)" } ?? ""
            let source = parameter.source.map { " Default as in \($0)." } ?? ""
            lines.append("  \(parameter.name): \(start)\(unit)")
            lines.append("      \(parameter.summary) Takes \(parameter.accepted).\(source)")
        }
        return lines
    }

    private static func value(_ stage: any Stage.Type) -> Value {
        [
            "kind": .string(stage.kind), "version": .int(stage.version), "summary": .string(stage.summary),
            "inputs": .list(
                stage.inputs.map { port in
                    [
                        "name": .string(port.name), "types": .list(port.types.map { .string($0.name) }), "required": .bool(port.isRequired),
                        "summary": .string(port.summary),
                    ]
                }),
            "outputs": .list(
                stage.outputs.map { ["name": .string($0.name), "type": .string($0.type.name), "summary": .string($0.summary)] }),
            "parameters": .list(
                stage.parameters.map { parameter in
                    [
                        "name": .string(parameter.name), "default": parameter.defaultAsValue ?? .null,
                        "required": .bool(parameter.defaultAsValue == nil),
                        "unit": parameter.unit.map(Value.string) ?? .null, "summary": .string(parameter.summary),
                        "accepts": .string(parameter.accepted),
                        "source": parameter.source.map(Value.string) ?? .null, "schema": parameter.schema,
                    ]
                }),
        ]
    }
}
