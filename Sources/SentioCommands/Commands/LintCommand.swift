import ArgumentParser
import SentioKit
import SentioSpec
import SentioSweep

struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Check pipeline files; report everything that is wrong with them.",
        discussion: "Exit codes: 0 all are fine, 3 at least one is not, 64 usage.")

    @Argument(help: "Pipeline files.", completion: .file(extensions: ["yaml", "yml"]))
    var files: [String]

    @Option(name: .long, help: "Check with this profile laid over each file.")
    var profile: String?

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            "Check with this value set in each file, as `run` would; repeatable.", valueName: "name=value"))
    var set: [String] = []

    @OptionGroup var format: FormatOptions

    func run() throws {
        var problems: [(file: String, diagnostics: [Diagnostic])] = []
        for file in files {
            do {
                let options = LoadOptions(profile: profile, sets: set)
                let pipeline = try Pipeline(path: file, options: options, registry: KnownKinds.registry)
                // Whether every cell of its sweep is a pipeline too; most files have none.
                let sweep = try pipeline.sweep.map { _ in
                    try Sweep(path: file, options: options, registry: KnownKinds.registry)
                }
                for warning in sweep?.warnings ?? [] { Output.error(Words.warning(warning)) }
                let cells = sweep.map { ", a sweep of \(Words.count($0.cells.count, "cell"))" } ?? ""
                if !format.json {
                    Output.line("\(file): fine, \(Words.count(pipeline.graph.nodes.count, "stage"))\(cells)")
                }
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
