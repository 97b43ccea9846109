import ArgumentParser
import SentioKit
import SentioPretrained

struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Get, list and verify the weights of published networks.",
        subcommands: [ModelsGetCommand.self, ModelsListCommand.self, ModelsVerifyCommand.self],
        defaultSubcommand: ModelsListCommand.self)
}

extension ModelsCommand {
    /// - Throws: exit code 64 for a name that no model has.
    static func model(_ name: String) throws -> PretrainedModel {
        do {
            return try PretrainedModel.named(name) { Suggestion.nearest(to: $0, among: $1) }
        } catch { throw ValidationError("\(error)") }
    }
}

struct ModelsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Which networks there are, and which of them are on this machine.")

    @OptionGroup var format: FormatOptions

    func run() throws {
        let library = ModelLibrary()
        if format.json {
            for model in PretrainedModel.all {
                Output.line(
                    JSON.text([
                        "model": .string(model.name), "summary": .string(model.summary),
                        "licence": .string(model.licence),
                        "source": .string("\(model.wheel.package) \(model.wheel.version)"),
                        "path": library.has(model) ? .string(library.path(of: model)) : .null,
                    ]))
            }
            return
        }
        let terminal = Terminal.standardOutput()
        var table = TextTable(["model", "here", "licence", ""])
        for model in PretrainedModel.all {
            table.rows.append([model.name, library.has(model) ? "yes" : "no", model.licence, model.summary])
        }
        for line in table.lines(
            width: terminal.width, paint: { row, _, text in row == nil ? terminal.paint(text, .dim) : text })
        {
            Output.line(line)
        }
        Output.line("\nThey lie in \(library.folder). Get one with `sentio-pipeline models get NAME`.")
    }
}

struct ModelsVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check that installed weights are the published ones, bit by bit.",
        discussion: "Exit codes: 0 all are intact, 8 one is not.")

    @Argument(help: ArgumentHelp("Names; default: all that are on this machine.", valueName: "name"))
    var names: [String] = []

    func run() throws {
        let library = ModelLibrary(), models = try names.map { try ModelsCommand.model($0) }
        var isIntact = true
        for model in models.isEmpty ? PretrainedModel.all.filter(library.has) : models {
            do {
                let holds = try library.isIntact(model)
                Output.line(
                    "\(model.name): "
                        + (holds
                            ? "intact" : "NOT the published weights; get them again with `models get \(model.name)`")
                )
                isIntact = isIntact && holds
            } catch { throw failed(error) }
        }
        if !isIntact { throw ExitCodes.verifyMismatch }
    }
}
