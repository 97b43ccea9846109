import ArgumentParser
import SentioKit
import SentioRunStore

struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "List, inspect, compare, tag and export past runs.",
        subcommands: [
            RunsListCommand.self, RunsShowCommand.self, RunsCompareCommand.self, RunsQueryCommand.self,
            RunsExportCommand.self,
            RunsLedgerCommand.self, RunsTagCommand.self, RunsNoteCommand.self, RunsDeleteCommand.self,
            RunsRestoreCommand.self,
            RunsSweepsCommand.self,
        ],
        defaultSubcommand: RunsListCommand.self)
}

struct RunsShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one run: its outcome, warnings and scores, what ran and why.")

    @Argument(help: ArgumentHelp("Run id, prefix of an id, name, or `latest`.", valueName: "run"))
    var wanted = "latest"

    @Flag(name: .long, help: "Show every stage, param, warning and metric, not just what fits on a screen.")
    var all = false
    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    func run() throws {
        let details: RunDetails, looks: [TestSetUse], tainted: [TaintedStage]
        do {
            let store = try workspace.runStore()
            let run = try store.run(matching: wanted)
            details = try store.details(run)
            looks = try store.testLooks(of: [run])
            tainted = try store.taintedStages(of: run)
        } catch let code as ExitCode { throw code } catch { throw failed(error) }
        if format.json {
            var value = details.value.map ?? [:]
            value["test_looks"] = .list(looks.map(\.value))
            value["tainted_stages"] = .list(tainted.map(\.value))
            return Output.json(.map(value))
        }
        let text = RunText(details: details, all: all, width: Terminal.standardOutput().width)
        Output.text(text.lines + RunText.lines(looks, of: details.summary.id) + RunText.lines(tainted))
    }
}
