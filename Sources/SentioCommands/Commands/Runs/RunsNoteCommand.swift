import ArgumentParser
import SentioKit
import SentioRunStore

struct RunsNoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "note", abstract: "Show or replace the note of a run; an empty text removes it.")

    @Argument(help: ArgumentHelp("Run id, prefix of an id, name, or `latest`.", valueName: "run"))
    var wanted: String

    @Argument(help: "The new note. Default: print the current one.")
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
