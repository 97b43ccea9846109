import ArgumentParser
import SentioEngine
import SentioKit

struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Check pipeline files; report everything that is wrong with them.",
        discussion: "Exit codes: 0 all are fine, 3 at least one is not, 64 usage.")

    @Argument(help: "Pipeline files.", completion: .file(extensions: ["yaml", "yml"]))
    var files: [String]

    @Option(name: .long, help: "Check with this profile laid over each file.")
    var profile: String?

    @OptionGroup var format: FormatOptions

    func run() throws {
        var problems: [(file: String, diagnostics: [Diagnostic])] = []
        for file in files {
            do {
                let pipeline = try Pipeline(path: file, options: LoadOptions(profile: profile), registry: SentioTool.registry)
                if !format.json { Output.line("\(file): fine, \(Words.count(pipeline.graph.nodes.count, "stage"))") }
            } catch let errors as PipelineErrors {
                problems.append((file, errors.diagnostics))
                if !format.json { Output.error(errors.description) }
            }
        }
        if format.json {
            Output.json(["schema": 1, "problems": .list(problems.flatMap { $0.diagnostics.map(\.value) })])
        }
        if !problems.isEmpty { throw ExitCodes.invalidPipeline }
    }
}
