import ArgumentParser
import SentioKit
import SentioRunStore

struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "Look at past runs.",
        subcommands: [RunsListCommand.self, RunsShowCommand.self, RunsCompareCommand.self, RunsQueryCommand.self],
        defaultSubcommand: RunsListCommand.self)
}

extension WorkspaceOptions {
    /// The run store, with runs that the system killed marked first.
    func runStore() throws -> RunStore {
        do {
            let store = try RunStore.openExisting(path: path + "/runs.sqlite")
            // A history that may only be read is still worth reading.
            _ = try? store.markInterrupted()
            return store
        } catch { throw failed(error) }
    }
}

/// Prints an error of the run store and ends with exit code 1.
func failed(_ error: any Error) -> ExitCode {
    Output.error("error: \(error)")
    return ExitCode(1)
}

struct RunsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "The newest runs first.")

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    @Option(name: [.long, .short], help: "How many; 0 for all.")
    var last = 20

    @Option(name: .long, help: "Only runs of this pipeline.")
    var pipeline: String?

    @Option(name: .long, help: "Only runs that are running, succeeded, failed or interrupted.")
    var status: String?

    @Option(name: .long, parsing: .singleValue, help: ArgumentHelp("Only runs with this tag; repeatable.", valueName: "key=value"))
    var tag: [String] = []

    func validate() throws {
        if let status, RunStatus(rawValue: status) == nil {
            throw ValidationError("--status is running, succeeded, failed or interrupted.")
        }
        for tag in tag where !tag.dropFirst().contains("=") { throw ValidationError("--tag \(tag): write it as key=value.") }
    }

    func run() throws {
        let tags = Dictionary(
            tag.map { tag in
                let parts = tag.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (String(parts[0]), String(parts[1]))
            }, uniquingKeysWith: { _, last in last })
        let runs: [RunSummary]
        do {
            runs = try workspace.runStore().runs(
                limit: last > 0 ? last : nil, pipeline: pipeline, status: status.flatMap(RunStatus.init), tags: tags)
        } catch let code as ExitCode { throw code } catch { throw failed(error) }
        if format.json { return Output.json(["schema": 1, "runs": .list(runs.map(\.value))]) }
        guard !runs.isEmpty else { return Output.line("No runs.") }
        var table = TextTable(["run", "started", "pipeline", "name", "status", "time", "ran", "metrics"], right: [5, 6])
        for run in runs {
            table.rows.append([
                run.id, Words.date(run.startedAt), run.pipeline, run.name ?? "", run.status.rawValue, run.seconds.map(Words.duration) ?? "",
                "\(run.executed)/\(run.stages)",
                run.headline.prefix(3).map { "\($0.name) \(Words.number($0.value))" }.joined(separator: "  "),
            ])
        }
        table.lines(width: Terminal.standardOutput().width).forEach(Output.line)
    }
}

struct RunsShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "One run: parameters with their origin, stages with their reasons, metrics.")

    @Argument(help: ArgumentHelp("Run id, the beginning of one, a name, or `latest`.", valueName: "run"))
    var wanted = "latest"
    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    func run() throws {
        let details: RunDetails
        do {
            let store = try workspace.runStore()
            details = try store.details(try store.run(matching: wanted))
        } catch let code as ExitCode { throw code } catch { throw failed(error) }
        if format.json { return Output.json(details.value) }
        RunText.lines(details).forEach(Output.line)
    }
}

struct RunsQueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Ask the run store in SQL; read only. The views are in docs/run-store.md.")

    @Argument(help: "One SELECT.")
    var sql: String
    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    func run() throws {
        let result: QueryResult
        do { result = try workspace.runStore().query(sql) } catch let code as ExitCode { throw code } catch { throw failed(error) }
        if format.json {
            let rows = result.rows.map { row in Value.map(Dictionary(zip(result.columns, row), uniquingKeysWith: { _, last in last })) }
            return Output.json(.list(rows))
        }
        Output.write(Table(columns: result.columns, rows: result.rows.map { $0.map { $0 == .null ? "" : $0.text } }).csv, to: 1)
    }
}
