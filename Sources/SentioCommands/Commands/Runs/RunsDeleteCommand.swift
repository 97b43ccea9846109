import ArgumentParser
import Foundation
import SentioKit
import SentioRunStore

struct RunsDeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Mark runs as deleted; `runs restore` undoes this.",
        discussion: """
            Deleted runs appear in no list, view or comparison, but their data is kept. --purge removes runs \
            permanently: the named ones, or all that are marked as deleted. Cached results stay cached either way, and \
            the ledger of test sets keeps its entries.
            """)

    @Argument(help: "Runs: ids, prefixes of ids, names, or `latest`.")
    var runs: [String] = []
    @OptionGroup var condition: RunFilterOptions

    @Flag(name: .long, help: "Remove runs permanently; without runs, all that are marked as deleted.")
    var purge = false
    @OptionGroup var workspace: WorkspaceOptions

    func validate() throws {
        if runs.isEmpty, condition.filter == nil, !purge { throw ValidationError("Name the runs, or use --filter.") }
    }

    func run() throws {
        let filter = try condition.parsed()
        do {
            let store = try workspace.runStore()
            var ids = try runs.map { try store.run(matching: $0, includingDeleted: purge) }
            if let filter { ids += try store.runs(filter: filter).map(\.id) }
            if purge {
                let removed = try store.purge(runs.isEmpty && filter == nil ? nil : ids)
                return Output.line("\(Words.count(removed.count, "run")) removed permanently")
            }
            try store.delete(ids, at: Date().timeIntervalSince1970)
            for id in ids { Output.line("\(id)  deleted; `runs restore \(id)` restores it") }
            if ids.isEmpty { Output.line("No runs.") }
        } catch let code as ExitCode { throw code } catch { throw failed(error) }
    }
}
