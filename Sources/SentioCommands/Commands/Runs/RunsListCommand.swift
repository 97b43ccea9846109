import ArgumentParser
import Foundation
import SentioKit
import SentioRunStore

/// Selects runs by their properties.
struct RunFilterOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only runs that match, such as 'metrics.test.ccc > 0.5 and params.ratio = 1'. See docs/run-store.md.",
            valueName: "condition"))
    var filter: String?

    func parsed() throws -> RunFilter? {
        do { return try filter.map { try RunFilter($0, now: Date().timeIntervalSince1970) } } catch {
            throw ValidationError("--filter: \(error)")
        }
    }
}

struct RunsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List runs, newest first.",
        discussion: """
            A --filter can test metrics.NAME, params.NAME, config.STAGE.NAME, tags.NAME, status, started, name, \
            pipeline, seconds and others with = != < <= > >= like in (…), combined with and, or, not and parentheses: \
            --filter "metrics.test.ccc > 0.5 and not (status = failed or tags.owner = 'Ada L.') and started > 7d".
            """)

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var condition: RunFilterOptions

    @Option(name: [.long, .short, .customLong("limit")], help: "Maximum number of runs; 0 for all.")
    var last = 20

    @Option(name: .long, help: "Only runs of this pipeline.")
    var pipeline: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only runs of this sweep: id, prefix of an id, name, or `latest`.", valueName: "sweep")
    )
    var sweep: String?

    @Option(name: .long, help: "Only runs with this status: running, succeeded, failed or interrupted.")
    var status: String?

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Only runs with this tag; repeatable.", valueName: "key=value"))
    var tag: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("Sort order, such as 'metrics.test.ccc desc, started'.", valueName: "names"))
    var sort: String?

    @Option(
        name: .long, help: ArgumentHelp("Columns to show, such as params.ratio,metrics.test.ccc.", valueName: "names"))
    var columns: String?

    @Flag(name: .long, help: "List runs that are marked as deleted.")
    var deleted = false

    func validate() throws {
        if let status, RunStatus(rawValue: status) == nil {
            throw ValidationError("--status must be running, succeeded, failed or interrupted.")
        }
        _ = try TagPairs.parse(tag, option: "--tag")
    }

    func run() throws {
        let filter = try condition.parsed(), order: RunOrder, chosen: [RunColumn]
        do { order = try sort.map { try RunOrder($0) } ?? .newestFirst } catch {
            throw ValidationError("--sort: \(error)")
        }
        do {
            chosen = try (columns ?? "").split(separator: ",").map {
                try RunColumn($0.trimmingCharacters(in: .whitespaces))
            }
        } catch { throw ValidationError("--columns: \(error)") }
        let tags = try TagPairs.parse(tag, option: "--tag")
        // Fields that the user filters or sorts by are shown.
        var shown = chosen
        if columns == nil {
            for column in order.columns + (filter?.columns ?? []) where !shown.contains(column) { shown.append(column) }
        }
        let runs: [RunSummary], values: [[Value]], hidden: Int
        do {
            let store = try workspace.runStore()
            let ofSweep = try sweep.map { try store.sweep(matching: $0) }
            // The table has room for only a few metrics, and shows no tags.
            let contents =
                format.json ? RunSummary.Contents.all : .init(headline: shown.isEmpty ? 3 : 0, hasTags: false)
            func found(deleted: Bool) throws -> [RunSummary] {
                try store.runs(
                    limit: last > 0 ? last : nil, pipeline: pipeline, status: status.flatMap(RunStatus.init),
                    sweep: ofSweep, tags: tags,
                    filter: filter, order: order, deleted: deleted, contents: contents)
            }
            runs = try found(deleted: deleted)
            hidden = runs.isEmpty && !deleted ? try found(deleted: true).count : 0
            values = try store.values(shown, of: runs.map(\.id))
        } catch let code as ExitCode { throw code } catch { throw failed(error) }
        if format.json { return Output.json(Self.json(runs, shown, values)) }
        guard !runs.isEmpty else {
            return Output.line(
                hidden == 0
                    ? "No runs." : "No runs except deleted ones; `--deleted` lists them, `runs restore` restores them.")
        }
        let width = Terminal.standardOutput().width
        Output.lines(
            Self.table(runs, shown, values, width: width).lines(width: width) + Words.hidden(Self.hidden(width)))
    }

    /// The columns omitted on a narrow screen. Metrics matter more than durations, and the id of a run already contains
    /// its start time.
    private static func hidden(_ width: Int?) -> [String] {
        guard let width else { return [] }
        return (width < 120 ? ["started"] : []) + (width < 100 ? ["time", "ran"] : [])
    }

    private static func json(_ runs: [RunSummary], _ columns: [RunColumn], _ values: [[Value]]) -> Value {
        [
            "schema": 1,
            "runs": .list(
                runs.enumerated().map { index, run in
                    guard !columns.isEmpty else { return run.value }
                    var entries = run.value.map ?? [:]
                    entries["columns"] = .map(
                        Dictionary(
                            zip(columns, values).map { ($0.name, $1[index]) }, uniquingKeysWith: { first, _ in first }))
                    return .map(entries)
                }),
        ]
    }

    private static func table(_ runs: [RunSummary], _ columns: [RunColumn], _ values: [[Value]], width: Int?)
        -> TextTable
    {
        let last = columns.isEmpty ? ["metrics"] : columns.map(\.name)
        let hidden = hidden(width), hasStart = !hidden.contains("started"), hasTimes = !hidden.contains("time")
        let hasNames = runs.contains { $0.name != nil }
        let head =
            ["run"] + (hasStart ? ["started"] : []) + ["pipeline"] + (hasNames ? ["name"] : []) + ["status"]
            + (hasTimes ? ["time", "ran"] : [])
        let right = columns.isEmpty ? [] : Array(head.count..<head.count + columns.count)
        var table = TextTable(head + last, right: Set((hasTimes ? [head.count - 2, head.count - 1] : []) + right))
        table.rows.reserveCapacity(runs.count)
        for (index, run) in runs.enumerated() {
            let cells =
                columns.isEmpty
                ? [run.headline.map { "\($0.name) \(Words.number($0.value))" }.joined(separator: "  ")]
                : values.map { value in
                    value[index] == .null ? "" : value[index].double.map(Words.number) ?? value[index].text
                }
            table.rows.append(
                [run.id] + (hasStart ? [Words.date(run.startedAt)] : []) + [run.pipeline]
                    + (hasNames ? [run.name ?? ""] : []) + [
                        status(run)
                    ]
                    + (hasTimes ? [run.took ?? "", "\(run.executed)/\(run.stages)"] : []) + cells)
        }
        return table
    }

    /// `succeeded, tainted, 2 warnings`.
    private static func status(_ run: RunSummary) -> String {
        let ending = RunEnding(status: run.status, expectations: run.expectations, failed: run.failedExpectations).word
        return ending + (run.isTainted ? ", tainted" : "")
            + (run.warnings > 0 ? ", \(Words.count(run.warnings, "warning"))" : "")
    }
}
