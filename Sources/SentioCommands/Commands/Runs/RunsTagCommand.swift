import ArgumentParser
import SentioKit
import SentioRunStore

struct RunsTagCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag",
        abstract: "Add tags to a run: `runs tag RUN owner=ada stage=final`; --remove NAME removes one.")

    @Argument(help: ArgumentHelp("Run id, prefix of an id, name, or `latest`.", valueName: "run"))
    var wanted: String

    @Argument(help: ArgumentHelp("Tags to add; a tag of the same name is replaced.", valueName: "key=value"))
    var tags: [String] = []

    @Option(name: .long, parsing: .singleValue, help: ArgumentHelp("Remove this tag; repeatable.", valueName: "name"))
    var remove: [String] = []
    @OptionGroup var workspace: WorkspaceOptions

    func validate() throws {
        if tags.isEmpty, remove.isEmpty { throw ValidationError("Name a tag as key=value, or use --remove NAME.") }
        _ = try TagPairs.parse(tags)
    }

    func run() throws {
        do {
            let store = try workspace.runStore()
            let run = try store.run(matching: wanted)
            if !remove.isEmpty { try store.removeTags(run, remove) }
            let pairs = try TagPairs.parse(tags)
            if !pairs.isEmpty { try store.tag(run, pairs) }
            let now = try store.details(run).summary.tags.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            Output.line("\(run)  \(now.isEmpty ? "no tags" : now.joined(separator: ", "))")
        } catch let code as ExitCode { throw code } catch { throw failed(error) }
    }
}
