import ArgumentParser
import SentioKit
import SentioSpec
import SentioSweep

struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Check pipeline files and report all errors in them.",
        discussion: "Exit codes: 0 all files are valid, 3 at least one is not, 64 usage.")

    @Argument(help: "Pipeline files.", completion: .file(extensions: ["yaml", "yml"]))
    var files: [String]

    @Option(name: .long, help: "Apply this profile to each file.")
    var profile: String?

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            "Set this value in each file, as `run --set` does; repeatable.", valueName: "name=value"))
    var set: [String] = []

    @OptionGroup var format: FormatOptions

    func run() throws {
        var problems: [(file: String, diagnostics: [Diagnostic])] = []
        for location in files.map(PipelineLocation.init) {
            let file = location.path
            if let notice = location.notice { Output.error(notice) }
            do {
                try location.check()
                let options = LoadOptions(profile: profile, sets: set)
                let pipeline = try Pipeline(path: file, options: options, registry: KnownKinds.registry)
                // Checks that every cell of its sweep is a valid pipeline too; most files have no sweep.
                let sweep = try pipeline.sweep.map { _ in
                    try Sweep(path: file, options: options, registry: KnownKinds.registry)
                }
                for warning in sweep?.warnings ?? [] { Output.error(Words.warning(warning)) }
                let cells = sweep.map { ", a sweep of \(Words.count($0.cells.count, "cell"))" } ?? ""
                if !format.json {
                    Output.line("\(file): valid, \(Words.count(pipeline.graph.nodes.count, "stage"))\(cells)")
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
