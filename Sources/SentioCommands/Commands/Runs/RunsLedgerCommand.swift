import ArgumentParser
import SentioKit
import SentioRunStore

struct RunsLedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Show how often each set of test songs was used, and by which runs.",
        discussion: """
            An evaluation counts as a use when its table of scored songs is new; a run that finds the table in the \
            cache adds none. Deleting runs removes nothing from the ledger.
            """)

    @Argument(help: "Show only the test sets of these runs.")
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
        if uses.isEmpty { return Output.line("No test songs have been used.") }
        for (index, use) in uses.enumerated() {
            if index > 0 { Output.line("") }
            Output.line("\(use.hash.prefix(12))  \(use.sentence)")
            var table = TextTable(["use", "when", "run", "pipeline", "stage"], right: [0])
            for (number, look) in use.looks.enumerated() {
                table.rows.append(["\(number + 1)", Words.date(look.at), look.run, look.pipeline, look.stage])
            }
            for line in table.lines(width: Terminal.standardOutput().width) { Output.line("  " + line) }
        }
    }
}
