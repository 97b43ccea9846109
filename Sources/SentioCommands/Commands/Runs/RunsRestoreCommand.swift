import ArgumentParser
import SentioKit
import SentioRunStore

struct RunsRestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Restore runs that are marked as deleted.")

    @Argument(help: "Runs: ids, prefixes of ids, or names. `runs list --deleted` shows them.")
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
