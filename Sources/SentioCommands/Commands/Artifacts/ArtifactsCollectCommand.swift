import ArgumentParser
import Foundation
import SentioEngine
import SentioKit
import SentioRunStore

struct ArtifactsCollectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract:
            "Free disk space: remove what nothing refers to and, with --keep, the results that are cheapest to "
            + "recreate per byte freed.",
        discussion: """
            The cost of a result is the time that it took, plus that of preceding stages whose results are gone too, \
            so waveforms are removed before trained models. Never removed: results of sweep cells (unless their runs \
            are deleted), results of runs tagged `keep` or `pin` (runs tag RUN keep=yes), checkpoints of the last run \
            and, without --even-last, the last result of every stage. Logs of deleted runs are removed; logs of runs \
            without any remaining results count as old. Removed results are recreated when they are needed.

            Exits with code 5 while something runs in the workspace; a run that starts meanwhile waits.
            """)

    @Option(
        name: .long, help: ArgumentHelp("Maximum size to keep, such as 20GB.", valueName: "size"),
        transform: { text in
            guard let bytes = Self.bytes(text) else {
                throw ValidationError("`\(text)` is not a size; use, for example, 20GB or 500MB.")
            }
            return bytes
        })
    var keep: Int?

    @Flag(
        name: .long, help: "With --keep: also remove the last results of stages, unless something else protects them.")
    var evenLast = false

    @Flag(
        name: [.long, .customShort("n")],
        help: "Show what would be removed and how long recreating it would take; remove nothing.")
    var dryRun = false
    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    func run() throws {
        let result: SentioEngine.Collection
        do {
            let opened = try workspace.open()
            var rules = try Self.rules(opened)
            rules.includesLast = evenLast
            result = try collect(opened, rules)
        } catch let code as ExitCode { throw code } catch {
            Output.error("error: \(error)")
            throw error is WorkspaceInUse ? ExitCode(5) : ExitCode(1)
        }
        if format.json { return Output.json(value(result)) }
        Output.text(lines(result))
        if let keep, result.after > keep { Output.error("note: \(Self.shortfall(result, keep))") }
    }

    /// Before results are removed, the list of the remaining ones is written, for which a full disk has no room. Blobs
    /// that nothing refers to are in no list, so on a full disk they are removed first.
    private func collect(_ workspace: Workspace, _ rules: CollectionRules) throws -> SentioEngine.Collection {
        do {
            return try workspace.collect(keep: keep, rules: rules, dryRun: dryRun)
        } catch let error as BlobStoreError where error.isFullDisk && keep != nil && !dryRun {
            let unused = try workspace.collect(keep: nil, rules: rules, dryRun: false)
            do {
                var rest = try workspace.collect(keep: keep, rules: rules, dryRun: false)
                rest.lines = unused.lines + rest.lines
                rest.blobs += unused.blobs
                rest.before = unused.before
                return rest
            } catch let error as BlobStoreError where error.isFullDisk {
                throw NoRoomToCollect(workspace: workspace.path)
            }
        }
    }

    /// What the history protects. If it exists but cannot be read, collection stops, because nobody would know which
    /// results sweeps need.
    private static func rules(_ workspace: Workspace) throws -> CollectionRules {
        guard Paths.exists(workspace.runStorePath) else { return CollectionRules() }
        let kept = try RunStore.openExisting(path: workspace.runStorePath).keptResults()
        return CollectionRules(kept: kept.keys, keptRuns: kept.runs, deletedRuns: kept.deleted)
    }

    private func value(_ result: SentioEngine.Collection) -> Value {
        let lines = result.lines.map { line -> Value in
            [
                "what": .string(line.what), "bytes": .int(line.bytes), "at": .double(line.at),
                "seconds": line.seconds.map(Value.double) ?? .null,
            ]
        }
        return [
            "schema": 1, "dry_run": .bool(dryRun), "blobs": .int(result.blobs), "before": .int(result.before),
            "after": .int(result.after),
            "freed": .int(result.before - result.after), "seconds": .double(result.seconds),
            "unknown": .int(result.unknown),
            "short": .int(max(0, result.after - (keep ?? result.after))),
            "kept": .list(result.kept.map { ["why": .string($0.why), "bytes": .int($0.bytes)] }),
            "removed": .list(lines),
        ]
    }

    private func lines(_ result: SentioEngine.Collection) -> [String] {
        var lines: [String] = []
        if !result.lines.isEmpty {
            var table = TextTable(
                [dryRun ? "would be removed" : "removed", "created", "frees", "to recreate"], right: [2, 3])
            for line in result.lines.prefix(50) {
                let price = line.seconds.map { $0 > 0 ? Words.duration($0) : "" } ?? "unknown"
                table.rows.append([line.what, line.at > 0 ? Words.date(line.at) : "", Words.bytes(line.bytes), price])
            }
            lines += table.lines(width: Terminal.standardOutput().width)
            if result.lines.count > 50 { lines.append("and \(result.lines.count - 50) more") }
            lines.append("")
        }
        return lines + [bill(result)]
    }

    /// `would free 3.1 GB; recreating it would take about 2 min; 4.0 GB would remain`.
    private func bill(_ result: SentioEngine.Collection) -> String {
        let freed = Words.bytes(result.before - result.after), left = Words.bytes(result.after)
        var parts = [dryRun ? "would free \(freed)" : "\(freed) freed"]
        if result.seconds > 0 || result.unknown > 0 {
            let price = result.seconds > 0 ? "about \(Words.duration(result.seconds))" : "an unknown time"
            let more =
                result.unknown > 0 && result.seconds > 0
                ? " plus \(Words.count(result.unknown, "result")) without an estimate" : ""
            parts.append("recreating it would take \(price)\(more)")
        }
        parts.append(dryRun ? "\(left) would remain" : "\(left) remaining")
        return parts.joined(separator: "; ") + "."
    }

    private static func shortfall(_ result: SentioEngine.Collection, _ keep: Int) -> String {
        let kept = result.kept.prefix(8).map { "\($0.why) (\(Words.bytes($0.bytes)))" }.joined(separator: ", ")
        let more = result.kept.count > 8 ? " and \(result.kept.count - 8) more" : ""
        let ways = result.kept.filter { $0.bytes > 0 }.compactMap { release($0.why) }.prefix(4)
        let hint = ways.isEmpty ? "" : " To release them: \(ways.joined(separator: "; "))."
        return
            "\(Words.bytes(result.after - keep)) more than \(Words.bytes(keep)) remain, because these are protected: "
            + "\(kept)\(more).\(hint)"
    }

    /// The command that releases a protected result, by the reason for its protection; nil if there is none.
    private static func release(_ why: String) -> String? {
        let words = why.split(separator: " ").map(String.init)
        switch (words.first, words.count) {
        case ("last", _): return "`artifacts gc --even-last` for the last results"
        case ("sweep", 2): return "`runs delete --filter \"sweep = '\(words[1])'\"` for the cells of that sweep"
        case ("run", 4): return "`runs tag \(words[1]) --remove \(words[3].prefix { $0 != ")" })` for that run"
        default: return nil
        }
    }

    /// `20GB`, `1.5 TB`, `500MiB`, `1000` (bytes).
    private static func bytes(_ text: String) -> Int? {
        let units = [
            "": 1.0, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "kib": 1024, "mib": 1_048_576,
            "gib": 1_073_741_824,
            "tib": 1_099_511_627_776,
        ]
        let number = text.prefix { $0.isNumber || $0 == "." }
        let unit = text.dropFirst(number.count).filter { $0 != " " }.lowercased()
        guard let count = Double(number), let factor = units[unit], count * factor < 1e18 else { return nil }
        return Int(count * factor)
    }
}

/// There is no room even for the new list of results.
private struct NoRoomToCollect: Error, CustomStringConvertible {
    let workspace: String

    var description: String {
        let list = ["stages.log", "items.log"].compactMap { name in
            try? FileManager.default.attributesOfItem(atPath: "\(workspace)/actions/\(name)")[.size] as? Int
        }
        return
            "The disk is full: there is no room for the list of remaining results, which must be written before any "
            + "are removed. Free at least \(Words.bytes(list.reduce(0, +))) on this disk and run `artifacts gc` again."
    }
}

extension BlobStoreError {
    fileprivate var isFullDisk: Bool {
        if case .cannotWrite(_, FileBytes.reason(ENOSPC)) = self { true } else { false }
    }
}
