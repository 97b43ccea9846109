import ArgumentParser
import SentioKit
import SentioPredict

struct ModelsExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a trained model as a bundle: one file that rates songs anywhere.",
        discussion: """
            The bundle is a ZIP archive with the weights, the stages between sound and rating with their parameters, \
            hashes of all files, the rating scale, and a model card (card.md) with the scores and the data behind them. \
            `sentio-pipeline predict BUNDLE SONGS` needs nothing else.
            """)

    @Argument(help: ArgumentHelp(ModelReference.help, valueName: "model"))
    var model: String

    @Option(
        name: [.long, .customShort("o")], help: ArgumentHelp("The bundle file to write.", valueName: "file.sentio"))
    var output: String

    @Flag(name: .long, help: "Replace an existing file.")
    var overwrite = false

    @OptionGroup var workspace: WorkspaceOptions

    func run() throws {
        if !overwrite, Paths.exists(output) {
            throw ValidationError("\(output) exists. Choose another name, or replace it with --overwrite.")
        }
        let bundle = try ModelReference(text: model).bundle(workspace)
        do {
            let bytes = try bundle.archive()
            try OutputFile(output).write(bytes)
            Output.line("\(output): \(Words.bytes(bytes.count)), model \(bundle.digest.short)")
            Output.line("Rate songs with it: sentio-pipeline predict \(output) SONGS…")
        } catch { throw failed(error) }
    }
}
