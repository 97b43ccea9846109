import ArgumentParser
import Foundation
import SentioEngine
import SentioKit
import SentioRunStore

/// A song named on the command line.
struct SongArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The song's id, or the hash of its audio (at least six digits).", valueName: "song"))
    var song: String

    /// Finds the song in the workspace.
    /// - Throws: exit code 64 if no song or more than one matches.
    func find(_ workspace: Workspace) throws -> (song: ContentHash, id: String) {
        let found: [(song: ContentHash, ids: [String])]
        do { found = try workspace.songs(matching: song) } catch { throw failed(error) }
        if found.count == 1 {
            return (found[0].song, found[0].ids.contains(song) ? song : found[0].ids.joined(separator: ", "))
        }
        guard found.isEmpty else {
            let list = found.map { "\($0.song.short) (\($0.ids.joined(separator: ", ")))" }.joined(separator: "; ")
            throw ValidationError("`\(song)` matches several recordings: \(list). Use a prefix of the hash.")
        }
        let ids = ((try? workspace.allSongs()) ?? []).flatMap(\.ids)
        let hint = Suggestion.nearest(to: song, among: ids).map { " Did you mean `\($0)`?" } ?? ""
        throw ValidationError(
            "No result in this workspace depends on a song "
                + "`\(song)`.\(hint)\(ids.isEmpty ? " No songs are known here yet." : "")"
        )
    }
}

struct ArtifactsTaintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "taint", abstract: "Mark a song as bad: list everything that it reached, and make that stale.",
        discussion: """
            Every stage whose result the song reached, through its items, its training or anything fitted on it, \
            becomes stale until it has been executed again; `run --tainted` reruns just those. Change or remove the \
            song first. The mark is stored in the workspace (tainted.json); `artifacts untaint` removes it.
            """)

    @OptionGroup var song: SongArgument

    @Option(name: .long, help: "Why the song is bad; shown wherever the mark appears.")
    var reason: String
    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    func validate() throws {
        if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason must not be empty.") }
    }

    func run() throws {
        let opened = try workspace.open()
        let found = try song.find(opened)
        var mark = TaintMark(song: found.song, id: found.id, reason: reason, markedAt: Date().timeIntervalSince1970)
        let reached: [ReachedArtifact], stages: [TaintedStage]
        do {
            mark = try opened.taint(mark)
            reached = try opened.reach(of: mark)
            stages = try marked(mark, reached)
        } catch { throw failed(error) }
        if format.json { return Output.json(Self.json(mark, reached, stages)) }
        Output.line("\(mark.id) (\(mark.song.short)) is tainted: \(mark.reason)")
        if !reached.isEmpty {
            var table = TextTable(["artifact", "type", "song is", "pipeline", "hash"])
            for artifact in reached {
                table.rows.append([
                    "\(artifact.stage).\(artifact.port)", artifact.type,
                    artifact.holdsSong ? "contained" : "learned from",
                    artifact.pipeline,
                    artifact.artifact.short,
                ])
            }
            Output.line("")
            Output.lines(table.lines(width: Terminal.standardOutput().width))
        }
        let runs = Self.byRun(stages)
        if !runs.isEmpty {
            var table = TextTable(["run", "affected stages"])
            for run in runs { table.rows.append([run.run, run.stages.joined(separator: ", ")]) }
            Output.line("")
            Output.lines(table.lines(width: Terminal.standardOutput().width))
        }
        Output.line("")
        let count = Set(reached.map { [$0.pipeline, $0.stage] }).count
        Output.line(
            "\(Words.count(reached.count, "artifact")) of \(Words.count(count, "stage")) in "
                + "\(Words.count(runs.count, "run")); "
                + "change or remove the song, then `run --tainted` reruns these stages.")
    }

    /// Marks the history too, if there is one.
    private func marked(_ mark: TaintMark, _ reached: [ReachedArtifact]) throws -> [TaintedStage] {
        let path = workspace.path + "/runs.sqlite"
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        do {
            return try RunStore.openExisting(path: path).taint(
                mark,
                artifacts: Set(reached.map(\.artifact)))
        } catch {
            // The mark itself is set; the history only displays it.
            Output.error("warning: The history could not be marked. \(error)")
            return []
        }
    }

    private static func byRun(_ stages: [TaintedStage]) -> [(run: String, stages: [String])] {
        var rows: [(run: String, stages: [String])] = []
        for stage in stages {
            if rows.last?.run == stage.run {
                rows[rows.count - 1].stages.append(stage.stage)
            } else {
                rows.append((stage.run, [stage.stage]))
            }
        }
        return rows
    }

    private static func json(_ mark: TaintMark, _ reached: [ReachedArtifact], _ stages: [TaintedStage]) -> Value {
        [
            "schema": 1, "mark": mark.value, "artifacts": .list(reached.map(\.value)),
            "runs": .list(stages.map(\.value)),
        ]
    }
}

struct ArtifactsUntaintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "untaint", abstract: "Remove the mark from a song: results that it reached are valid again.")

    @Argument(help: ArgumentHelp("The id under which it was marked, or a prefix of its hash.", valueName: "song"))
    var song: String
    @OptionGroup var workspace: WorkspaceOptions

    func run() throws {
        let opened = try workspace.open()
        let marks = opened.taints.marks.filter {
            $0.id == song || song.count >= 6 && $0.song.hex.hasPrefix(song.lowercased())
        }
        guard marks.count == 1 else {
            let known = (marks.isEmpty ? opened.taints.marks : marks).map { "\($0.id) (\($0.song.short))" }.joined(
                separator: ", ")
            throw ValidationError(
                marks.isEmpty
                    ? "No tainted song matches `\(song)`; \(known.isEmpty ? "there are none" : "there are \(known)")."
                    : "`\(song)` matches several tainted songs: \(known). Use a prefix of the hash.")
        }
        do {
            _ = try opened.untaint(marks[0].song)
            let path = workspace.path + "/runs.sqlite"
            if FileManager.default.fileExists(atPath: path) {
                try RunStore.openExisting(path: path).untaint(marks[0].song)
            }
        } catch { throw failed(error) }
        Output.line("\(marks[0].id) (\(marks[0].song.short)) is no longer tainted")
    }
}

struct ArtifactsTaintedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tainted", abstract: "List tainted songs and the number of stages that are stale because of them.")

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    func run() throws {
        let opened = try workspace.open()
        let marks: [(mark: TaintMark, reached: [ReachedArtifact])]
        do { marks = try opened.taints.marks.map { ($0, try opened.reach(of: $0)) } } catch { throw failed(error) }
        if format.json {
            return Output.json([
                "schema": 1,
                "songs": .list(
                    marks.map { entry in
                        var fields = entry.mark.value.map ?? [:]
                        fields["artifacts"] = .list(entry.reached.map(\.value))
                        return .map(fields)
                    }),
            ])
        }
        guard !marks.isEmpty else { return Output.line("No song is tainted.") }
        var table = TextTable(["song", "hash", "marked", "stale stages", "reason"], right: [3])
        for entry in marks {
            let stale = Set(entry.reached.filter(\.isStale).map { [$0.pipeline, $0.stage] }).count
            table.rows.append([
                entry.mark.id, entry.mark.song.short, Words.date(entry.mark.markedAt), "\(stale)", entry.mark.reason,
            ])
        }
        Output.lines(table.lines(width: Terminal.standardOutput().width))
    }
}

extension TaintMark {
    fileprivate var value: Value {
        ["song": .string(song.hex), "song_id": .string(id), "reason": .string(reason), "marked_at": .double(markedAt)]
    }
}

extension ReachedArtifact {
    fileprivate var value: Value {
        [
            "pipeline": .string(pipeline), "stage": .string(stage), "port": .string(port), "type": .string(type),
            "artifact": .string(artifact.hex), "holds_song": .bool(holdsSong), "stale": .bool(isStale),
        ]
    }
}
