import ArgumentParser
import SentioKit
import SentioRunStore

struct RunsLedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "How often each set of test songs was looked at, and by which runs.",
        discussion: """
            A look is an evaluation whose table of scored songs was not seen before; a run that finds it in the cache \
            adds none. Deleting runs takes nothing out of the ledger.
            """)

    @Argument(help: "Only the test sets of these runs.")
    var runs: [String] = []
    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    func run() throws {
        let uses: [TestSetUse]
        do {
            let store = try workspace.runStore()
            let ids = try runs.map { try store.run(matching: $0) }
            uses = try store.testLooks(of: ids.isEmpty ? nil : ids)
        } catch let code as ExitCode { throw code } catch { throw failed(error) }
        if format.json { return Output.json(["schema": 1, "test_sets": .list(uses.map(\.value))]) }
        if uses.isEmpty { return Output.line("No test songs were looked at.") }
        for (index, use) in uses.enumerated() {
            if index > 0 { Output.line("") }
            Output.line("\(use.hash.prefix(12))  \(use.sentence)")
            var table = TextTable(["look", "when", "run", "pipeline", "stage"], right: [0])
            for (number, look) in use.looks.enumerated() {
                table.rows.append(["\(number + 1)", Words.date(look.at), look.run, look.pipeline, look.stage])
            }
            for line in table.lines(width: Terminal.standardOutput().width) { Output.line("  " + line) }
        }
    }
}
