import ArgumentParser
import Foundation
import SentioKit

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a first pipeline for a folder of songs and ratings.",
        discussion: """
            The pipeline compares ridge regression, support vectors and boosted trees on handcrafted features. Its \
            settings are those that `dataset check` finds. Nothing is overwritten.

            Exit codes: 0 done, 1 the dataset cannot be used or a file exists, 64 usage.
            """)

    @Argument(help: "The folder of the pipeline; created if it does not exist.", completion: .directory)
    var directory = "."

    @Option(
        name: .long, help: ArgumentHelp("The folder of songs and ratings.", valueName: "folder"),
        completion: .directory)
    var data: String

    func run() throws {
        do {
            let path = Paths.resolve("pipeline.yaml", relativeTo: directory)
            guard FileKind.at(path) == .missing else {
                throw StageFailure(
                    "\(path) exists and was not overwritten. Name another folder: `sentio-pipeline init DIR --data "
                        + "\(Self.word(data))`.")
            }
            let kind = try InspectedDataset.kind()
            let inspection = try kind.inspect(data, readsSongs: false, threads: 1) { _, _ in }
            guard inspection.isUsable else { throw Self.refusal(inspection, data) }
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let schema = Paths.resolve(StarterPipeline.schema, relativeTo: directory)
            let command = "sentio-pipeline run \(Self.word(path))"
            let pipeline = StarterPipeline(
                name: Paths.name(of: Paths.absolute(data)),
                dataset: DatasetBlock(
                    kind: kind.kind, source: Self.source(data, from: directory), settings: inspection.settings),
                songs: inspection.songs, hasArtists: inspection.metadataColumns.contains("artist"), command: command)
            // An existing schema was made by `schema`, perhaps for other kinds.
            if FileKind.at(schema) == .missing {
                let text = JSON.text(PipelineSchema(registry: KnownKinds.registry).value) + "\n"
                try OutputFile(schema).write(Array(text.utf8))
            }
            try OutputFile(path).write(Array(pipeline.text.utf8))
            report(inspection, path, command)
        } catch { throw failed(error) }
    }

    private func report(_ inspection: DatasetInspection, _ path: String, _ command: String) {
        for finding in inspection.findings where finding.severity == .warning {
            Output.error("warning: \(finding.text)")
        }
        Output.text([
            "\(path): ridge, SVR and trees on \(Words.count(inspection.songs, "song")) of \(data), cross-validated.",
            "Next: \(command)",
        ])
    }

    private static func word(_ path: String) -> String { ShellText.quoted(.string(path)) ?? path }

    private static func refusal(_ inspection: DatasetInspection, _ data: String) -> StageFailure {
        let errors = inspection.findings.filter { $0.severity == .error }.map { "\n  \($0.text)" }
        return StageFailure(
            "\(data) cannot be used yet, so no pipeline was written. Correct this first:\(errors.joined())")
    }

    /// The folder of songs as a file in `directory` names it: relative, unless it was given as an absolute path.
    private static func source(_ data: String, from directory: String) -> String {
        if data.hasPrefix("/") { return Paths.normalized(data) }
        if Paths.normalized(directory) == "." { return Paths.normalized(data) }
        let from = Paths.real(directory).split(separator: "/"), to = Paths.real(data).split(separator: "/")
        let common = zip(from, to).prefix { $0 == $1 }.count
        let parts = Array(repeating: "..", count: from.count - common) + to.dropFirst(common).map(String.init)
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }
}
