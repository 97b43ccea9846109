import ArgumentParser
import SentioEngine
import SentioKit

struct ArtifactsUsageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "du", abstract: "How much room the workspace takes, by purpose and by stage.",
        discussion: "Songs stay where they are and are not counted. A blob that several stages have counts for each of them.")

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    func run() throws {
        let usage: WorkspaceUsage
        do { usage = try workspace.open().usage() } catch let code as ExitCode { throw code } catch { throw failed(error) }
        func value(_ lines: [WorkspaceUsage.Line]) -> Value {
            .list(lines.map { ["what": .string($0.what), "count": .int($0.count), "bytes": .int($0.bytes)] })
        }
        if format.json {
            return Output.json([
                "schema": 1, "bytes": .int(usage.bytes), "purposes": value(usage.purposes), "stages": value(usage.stages),
            ])
        }
        for (title, noun, lines) in [("purpose", "files", usage.purposes), ("stage", "results", usage.stages)] {
            var table = TextTable([title, noun, "size"], right: [1, 2])
            for line in lines where line.bytes > 0 { table.rows.append([line.what, "\(line.count)", Words.bytes(line.bytes)]) }
            Output.lines(table.lines(width: Terminal.standardOutput().width))
            Output.line("")
        }
        Output.line("\(Words.bytes(usage.bytes)) in all")
    }
}
