import ArgumentParser
import SentioEngine
import SentioKit
import SentioRunStore

struct ArtifactsUsageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "du", abstract: "Show the disk usage of the workspace, by purpose and by stage.",
        discussion:
            "Source songs are not part of the workspace. A blob that several stages share counts for each of them.")

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    func run() throws {
        let usage: WorkspaceUsage
        do { usage = try workspace.open().usage() } catch let code as ExitCode { throw code } catch {
            throw failed(error)
        }
        func value(_ lines: [WorkspaceUsage.Line]) -> Value {
            .list(lines.map { ["what": .string($0.what), "count": .int($0.count), "bytes": .int($0.bytes)] })
        }
        if format.json {
            return Output.json([
                "schema": 1, "bytes": .int(usage.bytes), "purposes": value(usage.purposes),
                "stages": value(usage.stages),
            ])
        }
        let purposes = usage.purposes.map { (what: $0.what, count: $0.count, bytes: $0.bytes) }
        for (title, noun, lines) in [("purpose", "files", purposes), ("stage", "results", Self.folded(usage.stages))] {
            var table = TextTable([title, noun, "size"], right: [1, 2])
            for line in lines where line.bytes > 0 {
                table.rows.append([line.what, "\(line.count)", Words.bytes(line.bytes)])
            }
            Output.lines(table.lines(width: Terminal.standardOutput().width))
            Output.line("")
        }
        Output.line("\(Words.bytes(usage.bytes)) in total")
    }

    /// Merges the copies of a stage into one line; the JSON lists each copy.
    private static func folded(_ lines: [WorkspaceUsage.Line]) -> [(what: String, count: Int, bytes: Int)] {
        let rows = Rows(lines.map { (name: $0.what, row: copies(of: $0.what)) })
        return rows.collapse(lines, name: \.what).map { row, lines in
            (what: row, count: lines.reduce(0) { $0 + $1.count }, bytes: lines.reduce(0) { $0 + $1.bytes })
        }
        .sorted { ($1.bytes, $0.what) < ($0.bytes, $1.what) }
    }

    /// The common name of copies: `phase1 cv.ridge@fold=*` for `phase1 cv.ridge@fold=3`.
    private static func copies(of line: String) -> String? {
        guard let space = line.lastIndex(of: " ") else { return nil }
        return StageDetails.copies(of: String(line[line.index(after: space)...])).map { line[...space] + $0 }
    }
}
