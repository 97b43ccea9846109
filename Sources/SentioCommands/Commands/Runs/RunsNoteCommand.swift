import ArgumentParser
import SentioKit
import SentioRunStore

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
