import ArgumentParser
import Foundation
import SentioKit
import SentioRunStore

struct RunsTagCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag", abstract: "Put tags on a run: `runs tag RUN owner=ada stage=final`; --remove NAME takes one off.")

    @Argument(help: ArgumentHelp("Run id, the beginning of one, a name, or `latest`.", valueName: "run"))
    var wanted: String

    @Argument(help: ArgumentHelp("Tags; one of the same name is replaced.", valueName: "key=value"))
    var tags: [String] = []

    @Option(name: .long, parsing: .singleValue, help: ArgumentHelp("Take this tag off; repeatable.", valueName: "name"))
    var remove: [String] = []
    @OptionGroup var workspace: WorkspaceOptions

    func validate() throws {
        if tags.isEmpty, remove.isEmpty { throw ValidationError("Name a tag as key=value, or --remove NAME.") }
        for tag in tags where !tag.dropFirst().contains("=") { throw ValidationError("`\(tag)`: write it as key=value.") }
    }

    func run() throws {
        do {
            let store = try workspace.runStore()
            let run = try store.run(matching: wanted)
            if !remove.isEmpty { try store.removeTags(run, remove) }
            var pairs: [String: String] = [:]
            for tag in tags {
                let parts = tag.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                pairs[String(parts[0])] = String(parts[1])
            }
            if !pairs.isEmpty { try store.tag(run, pairs) }
            let now = try store.details(run).summary.tags.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            Output.line("\(run)  \(now.isEmpty ? "no tags" : now.joined(separator: ", "))")
        } catch let code as ExitCode { throw code } catch { throw failed(error) }
    }
}

struct RunsNoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "note", abstract: "Write a note to a run, in place of the one it has; an empty one takes it away.")

    @Argument(help: ArgumentHelp("Run id, the beginning of one, a name, or `latest`.", valueName: "run"))
    var wanted: String

    @Argument(help: "The note; without it, the one that the run has is printed.")
    var text: String?
    @OptionGroup var workspace: WorkspaceOptions

    func run() throws {
        do {
            let store = try workspace.runStore()
            let run = try store.run(matching: wanted)
            guard let text else { return Output.line(try store.details(run).summary.note ?? "") }
            try store.note(run, text)
        } catch let code as ExitCode { throw code } catch { throw failed(error) }
    }
}

struct RunsDeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Mark runs as deleted; `runs restore` undoes it.",
        discussion: """
            A deleted run is in no list, view or comparison, but nothing of it is lost. --purge removes for good: the named runs, or \
            all that are marked. What is cached stays cached either way, and the ledger of test sets keeps its entries.
            """)

    @Argument(help: "Runs: ids, beginnings of ids, names, `latest`.")
    var runs: [String] = []
    @OptionGroup var condition: RunFilterOptions

    @Flag(name: .long, help: "Remove for good; without runs, all that are marked as deleted.")
    var purge = false
    @OptionGroup var workspace: WorkspaceOptions

    func validate() throws {
        if runs.isEmpty, condition.filter == nil, !purge { throw ValidationError("Name the runs, or give a --filter.") }
    }

    func run() throws {
        let filter = try condition.parsed()
        do {
            let store = try workspace.runStore()
            var ids = try runs.map { try store.run(matching: $0, includingDeleted: purge) }
            if let filter { ids += try store.runs(filter: filter).map(\.id) }
            if purge {
                let removed = try store.purge(runs.isEmpty && filter == nil ? nil : ids)
                return Output.line("\(Words.count(removed.count, "run")) removed for good")
            }
            try store.delete(ids, at: Date().timeIntervalSince1970)
            for id in ids { Output.line("\(id)  deleted; `runs restore \(id)` brings it back") }
            if ids.isEmpty { Output.line("No runs.") }
        } catch let code as ExitCode { throw code } catch { throw failed(error) }
    }
}

struct RunsRestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "restore", abstract: "Take the mark off deleted runs.")

    @Argument(help: "Runs: ids, beginnings of ids, names. `runs list --deleted` shows them.")
    var runs: [String]
    @OptionGroup var workspace: WorkspaceOptions

    func run() throws {
        do {
            let store = try workspace.runStore()
            let ids = try runs.map { try store.run(matching: $0, includingDeleted: true) }
            let restored = Set(try store.restore(ids))
            for id in ids { Output.line("\(id)  \(restored.contains(id) ? "restored" : "was not deleted")") }
        } catch let code as ExitCode { throw code } catch { throw failed(error) }
    }
}
