import ArgumentParser
import SentioKit
import SentioPredict

struct ModelsShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the model card of a bundle or of a model of a run.")

    @Argument(help: ArgumentHelp(ModelReference.help, valueName: "model"))
    var model: String

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    func run() throws {
        let bundle = try ModelReference(text: model).bundle(workspace)
        if format.json {
            Output.json(bundle.summary)
        } else {
            Output.data(bundle.card)
            Output.line("\nModel \(bundle.digest.hex)")
        }
    }
}
