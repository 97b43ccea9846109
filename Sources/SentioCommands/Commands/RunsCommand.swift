import ArgumentParser
import SentioKit
import SentioRunStore

struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "Look at past runs, mark them, take them elsewhere.",
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
        commandName: "show", abstract: "One run: how it came out, what it warned of, its scores, what was run and why.")

    @Argument(help: ArgumentHelp("Run id, the beginning of one, a name, or `latest`.", valueName: "run"))
    var wanted = "latest"

    @Flag(name: .long, help: "Every stage, param, warning and metric, not what fits a screen.")
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
