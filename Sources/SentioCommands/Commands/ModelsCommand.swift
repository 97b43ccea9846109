import ArgumentParser
import SentioKit
import SentioPredict
import SentioPretrained

struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Export trained models as bundles; download, list and verify weights of pretrained networks.",
        subcommands: [
            ModelsExportCommand.self, ModelsShowCommand.self, ModelsGetCommand.self, ModelsListCommand.self,
            ModelsVerifyCommand.self,
        ],
        defaultSubcommand: ModelsListCommand.self)
}

extension ModelsCommand {
    /// The model with a name.
    /// - Throws: exit code 64 if there is no such model.
    static func model(_ name: String) throws -> PretrainedModel {
        do {
            return try PretrainedModel.named(name) { Suggestion.nearest(to: $0, among: $1) }
        } catch { throw ValidationError("\(error)") }
    }
}

struct ModelsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the available networks and whether they are installed.")

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
        var table = TextTable(["model", "installed", "license", ""])
        for model in PretrainedModel.all {
            table.rows.append([model.name, library.has(model) ? "yes" : "no", model.licence, model.summary])
        }
        for line in table.lines(
            width: terminal.width, paint: { row, _, text in row == nil ? terminal.paint(text, .dim) : text })
        {
            Output.line(line)
        }
        Output.line("\nWeights are stored in \(library.folder). Install one with `sentio-pipeline models get NAME`.")
    }
}

struct ModelsVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that installed weights are bit-identical to the published ones, and that bundles are intact.",
        discussion: "Exit codes: 0 all are intact, 8 at least one is not.")

    @Argument(
        help: ArgumentHelp(
            "Names of networks, or files of model bundles; default: all networks that are installed.", valueName: "name"
        ))
    var names: [String] = []

    func run() throws {
        let library = ModelLibrary(), bundles = names.filter(ModelBundle.isBundle)
        let models = try names.filter { !bundles.contains($0) }.map { try ModelsCommand.model($0) }
        var isIntact = true
        for path in bundles {
            do {
                _ = try ModelBundle(path: path, registry: KnownKinds.registry)
                Output.line("\(path): intact")
            } catch {
                Output.line("\(path): NOT intact. \(error)")
                isIntact = false
            }
        }
        if models.isEmpty, !bundles.isEmpty {
            if !isIntact { throw ExitCodes.verifyMismatch }
            return
        }
        for model in models.isEmpty ? PretrainedModel.all.filter(library.has) : models {
            do {
                let holds = try library.isIntact(model)
                Output.line(
                    "\(model.name): "
                        + (holds
                            ? "intact" : "NOT the published weights; reinstall them with `models get \(model.name)`")
                )
                isIntact = isIntact && holds
            } catch { throw failed(error) }
        }
        if !isIntact { throw ExitCodes.verifyMismatch }
    }
}
