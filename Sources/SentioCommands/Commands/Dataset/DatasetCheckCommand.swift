import ArgumentParser
import SentioKit

struct DatasetCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Examine a folder of songs and ratings, and print the stage that reads it.",
        discussion: """
            Each finding is one line: what was found, where, and what to do. The folder is not changed; --output writes \
            the ratings in the documented form to a new file.

            Exit codes: 0 the dataset can be used, 1 it cannot or the file cannot be written, 64 usage.
            """)

    @Argument(help: "The folder.", completion: .directory)
    var folder: String

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp(
            "Also write the ratings as a corrected table to this file, which must not exist yet.",
            valueName: "file.csv"),
        completion: .file(extensions: ["csv"]))
    var output: String?

    @Flag(name: .long, help: "Do not read the songs: faster, but without lengths, damaged files and copies.")
    var tablesOnly = false

    @OptionGroup var format: FormatOptions

    func run() throws {
        do {
            let kind = try InspectedDataset.kind(), progress = InspectionProgress()
            let inspection = try kind.inspect(
                folder, readsSongs: !tablesOnly, threads: MachineInfo.cores, progress: { progress.report($0, of: $1) })
            progress.end()
            let block = DatasetBlock(kind: kind.kind, source: folder, settings: inspection.settings)
            if format.json {
                Output.json(json(inspection, block))
            } else {
                Output.text(Self.lines(inspection, folder))
                if inspection.isUsable { Output.lines(Self.usage(block)) }
            }
            if let output { try write(inspection, to: output) }
            if !inspection.isUsable { throw ExitCode(1) }
            if !format.json {
                let word = ShellText.quoted(.string(folder)) ?? folder
                Output.text(["", "Next, for a pipeline that uses it: sentio-pipeline init --data \(word)"])
            }
        } catch let code as ExitCode { throw code } catch { throw failed(error) }
    }

    /// - Throws: `StageFailure`, `OutputFileError`.
    private func write(_ inspection: DatasetInspection, to path: String) throws {
        guard let ratings = inspection.ratings else {
            throw StageFailure("\(path) was not written: the ratings have errors that only you can correct.")
        }
        let file = try OutputFile(path)
        guard file.isStream || FileKind.at(path) == .missing else {
            throw StageFailure("\(path) exists and was not overwritten. Name a new file.")
        }
        try file.write(Array(ratings.csv.utf8))
        Output.error("\(path): ratings of \(Words.count(ratings.rows.count, "song"))")
    }

    // MARK: Text

    private static func lines(_ inspection: DatasetInspection, _ folder: String) -> [String] {
        let terminal = Terminal.standardOutput()
        let findings = inspection.findings.map { finding in
            let name = finding.severity.rawValue, color = color(finding.severity)
            return "\(terminal.paint(name, color)): \(finding.text)"
        }
        return [summary(inspection, folder)] + findings
    }

    private static func color(_ severity: DatasetInspection.Finding.Severity) -> Terminal.Color {
        switch severity {
        case .error: .red
        case .warning: .yellow
        case .note: .dim
        }
    }

    private static func summary(_ inspection: DatasetInspection, _ folder: String) -> String {
        let songs = Words.count(inspection.songs, "song")
        let dimensions = inspection.dimensions.joined(separator: " and ")
        var text = "\(folder): \(songs) with sound and ratings" + (dimensions.isEmpty ? "" : " (\(dimensions))")
        if let lengths = inspection.lengths {
            let range = Words.duration(lengths.shortest...lengths.longest), median = Words.duration(lengths.median)
            text += ", \(Words.duration(lengths.total)) in all; a song lasts \(range), the median is \(median)"
        }
        let errors = inspection.count(.error)
        return text + (inspection.isUsable ? "." : ". It cannot be used yet: \(Words.count(max(1, errors), "error")).")
    }

    private static func usage(_ block: DatasetBlock) -> [String] {
        ["", "In a pipeline:", ""] + block.lines(indent: 2)
    }

    // MARK: JSON

    private func json(_ inspection: DatasetInspection, _ block: DatasetBlock) -> Value {
        let lengths = inspection.lengths.map { lengths -> Value in
            [
                "shortest": .double(lengths.shortest), "median": .double(lengths.median),
                "longest": .double(lengths.longest), "total": .double(lengths.total),
            ]
        }
        let settings = inspection.settings.map { ($0.name, $0.value) }
        return [
            "schema": 1, "folder": .string(folder), "usable": .bool(inspection.isUsable),
            "songs": .int(inspection.songs), "seconds": lengths ?? .null,
            "dimensions": .list(inspection.dimensions.map { .string($0) }),
            "metadata": .list(inspection.metadataColumns.map { .string($0) }),
            "findings": .list(
                inspection.findings.map {
                    [
                        "severity": .string($0.severity.rawValue), "place": .string($0.place),
                        "problem": .string($0.problem), "advice": .string($0.advice),
                    ]
                }),
            "settings": .map(Dictionary(settings, uniquingKeysWith: { first, _ in first })),
            "stage": .string(block.lines().joined(separator: "\n") + "\n"),
        ]
    }
}
