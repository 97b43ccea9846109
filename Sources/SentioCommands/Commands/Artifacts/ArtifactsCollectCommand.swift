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

struct ArtifactsCollectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Free room: what nothing refers to and, with --keep, the oldest results.",
        discussion: """
            The last result of every stage of every pipeline stays; older results, items of unfinished stages and checkpoints go, the \
            oldest first, until blobs and checkpoints fit into --keep. What went is made again when it is asked for. Refused with exit \
            code 5 while something runs in the workspace; a run that starts meanwhile waits.
            """)

    @Option(
        name: .long, help: ArgumentHelp("At most so much is kept, for instance 20GB.", valueName: "size"),
        transform: { text in
            guard let bytes = Self.bytes(text) else { throw ValidationError("`\(text)` is no size; write for instance 20GB or 500MB.") }
            return bytes
        })
    var keep: Int?

    @Flag(name: [.long, .customShort("n")], help: "Only say what would be removed.")
    var dryRun = false
    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    func run() throws {
        let result: SentioEngine.Collection
        do { result = try workspace.open().collect(keep: keep, dryRun: dryRun) } catch let code as ExitCode { throw code } catch {
            Output.error("error: \(error)")
            throw error is WorkspaceInUse ? ExitCode(5) : ExitCode(1)
        }
        if format.json {
            let lines: [Value] = result.lines.map { ["what": .string($0.what), "bytes": .int($0.bytes), "at": .double($0.at)] }
            return Output.json([
                "schema": 1, "dry_run": .bool(dryRun), "blobs": .int(result.blobs), "before": .int(result.before),
                "after": .int(result.after),
                "freed": .int(result.before - result.after), "needed": .int(result.needed), "removed": .list(lines),
            ])
        }
        if !result.lines.isEmpty {
            var table = TextTable([dryRun ? "would be removed" : "removed", "made", "frees"], right: [2])
            for line in result.lines.prefix(50) {
                table.rows.append([line.what, line.at > 0 ? Words.date(line.at) : "", Words.bytes(line.bytes)])
            }
            Output.lines(table.lines(width: Terminal.standardOutput().width))
            if result.lines.count > 50 { Output.line("and \(result.lines.count - 50) more") }
            Output.line("")
        }
        let verb = dryRun ? "would be freed" : "freed"
        Output.line(
            "\(Words.bytes(result.before - result.after)) \(verb), \(Words.bytes(result.after)) \(dryRun ? "would be left" : "left").")
        if let keep, result.after > keep {
            Output.error("note: the last results of all stages need \(Words.bytes(result.needed)); they are never removed.")
        }
    }

    /// `20GB`, `1.5 TB`, `500MiB`, `1000` (bytes).
    private static func bytes(_ text: String) -> Int? {
        let units = [
            "": 1.0, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "kib": 1024, "mib": 1_048_576, "gib": 1_073_741_824,
            "tib": 1_099_511_627_776,
        ]
        let number = text.prefix { $0.isNumber || $0 == "." }
        let unit = text.dropFirst(number.count).filter { $0 != " " }.lowercased()
        guard let count = Double(number), let factor = units[unit], count * factor < 1e18 else { return nil }
        return Int(count * factor)
    }
}
