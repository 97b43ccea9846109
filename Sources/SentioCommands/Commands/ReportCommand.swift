import ArgumentParser
import SentioEngine
import SentioKit
import SentioLearn
import SentioReport
import SentioRunStore

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a report about runs or a sweep as one self-contained HTML file.",
        discussion: """
            Several runs, or the arms of a sweep, are compared with the first (--baseline).

            Exit codes: 0 done, 1 no such run or the file cannot be written, 64 usage.
            """)

    @Argument(help: "Runs: ids, prefixes of ids, names, RUN:STAGE, or `latest`. Default: the latest run.")
    var runs: [String] = []

    @Option(name: .long, help: "A sweep instead of runs: id, prefix of an id, name, or `latest`.")
    var sweep: String?

    @Option(name: .long, help: "The swept number for a dose–response analysis, such as `ratio`.")
    var over: String?

    @Option(
        name: [.customShort("o"), .long], help: "Output file; - is standard output.",
        completion: .file(extensions: ["html"]))
    var output = "report.html"

    @Option(
        name: .long,
        help: "Include ten-second players for this many songs with the largest errors; each adds about 0.6 MB.")
    var players = 0
    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var options: ComparisonOptions

    func validate() throws {
        if sweep != nil, !runs.isEmpty { throw ValidationError("Name runs or --sweep, not both.") }
        if over != nil, sweep == nil { throw ValidationError("--over requires --sweep.") }
        if !(0...100).contains(players) { throw ValidationError("--players must be between 0 and 100.") }
    }

    func run() throws {
        do {
            let html = try page().html()
            if output == "-" { return Output.data(html) }
            try Output.file(html, at: output, saying: "\(output): \(Words.bytes(html.utf8.count))")
        } catch let code as ExitCode { throw code } catch let error as ValidationError { throw error } catch {
            throw failed(error)
        }
    }

    private func page() throws -> ReportPage {
        let store = try workspace.runStore(), source = WorkspaceArtifacts(try workspace.open())
        let selection =
            try sweep.map { try ArmSelection(sweep: $0, over: over, in: store) }
            ?? ArmSelection(runs: runs.isEmpty ? ["latest"] : runs, in: store)
        let compared = try comparison(selection, store, source)
        var shown: [String] = []
        for run in Self.detailed(selection, compared) where !shown.contains(run) { shown.append(run) }
        let reports = try shown.map { run in
            var report = try RunReport(run, store: store, source: source)
            if let aligned = compared?.comparison.aligned,
                let arm = selection.arms.firstIndex(where: { $0.runs.contains { $0.run == run } })
            {
                report.focus = (aligned.stages[arm], aligned.set)
            }
            return report
        }
        let title =
            selection.sweep.map { "Sweep \($0.sweep)" } ?? selection.arms.map(\.label).joined(separator: " and ")
        var pipelines: [String] = []
        for name in reports.map(\.details.summary.pipeline) where !pipelines.contains(name) { pipelines.append(name) }
        var page = ReportPage(
            title: "\(pipelines.joined(separator: ", ")): \(title)", runs: reports, comparison: compared,
            statistics: try options.statistics
        )
        page.players = players
        page.ledger = try store.testLooks(of: selection.runs).map(\.sentence)
        return page
    }

    private func comparison(_ selection: ArmSelection, _ store: RunStore, _ source: WorkspaceArtifacts) throws
        -> ReportComparison?
    {
        guard selection.arms.count > 1 else { return nil }
        let facts =
            try selection.runs.last.map { RunArtifacts(try store.details($0), source: source).songFacts } ?? .none
        let compared = try ComparedSongs(selection, options: options, over: over, facts: facts)
        var seen: Set<String> = []
        let ids = selection.runs.filter { seen.insert($0).inserted }
        let sheet = ids.count > 1 ? try store.compare(ids, onlyDifferences: true) : nil
        return ReportComparison(
            compared.comparison, changes: compared.changes,
            doses: compared.doses.map {
                .init(dimension: $0.dimension, parameter: $0.parameter, response: $0.response)
            },
            sheet: selection.sweep == nil ? sheet : nil,
            remarks: (sheet?.remarks ?? []) + SweepArms.sentences(missing: compared.missing))
    }

    /// Runs shown in full: all if there are few; for a sweep, the first run of the baseline and of the best arm.
    private static func detailed(_ selection: ArmSelection, _ compared: ReportComparison?) -> [String] {
        guard selection.sweep != nil || selection.arms.count > 4, let comparison = compared?.comparison else {
            return selection.runs
        }
        let metric = comparison.metric
        func score(_ arm: Int) -> Double {
            let sum = comparison.dimensions.reduce(0.0) { $0 + ($1.scores[arm][metric]?.estimate ?? 0) }
            return metric.largerIsBetter ? sum : -sum
        }
        let best = comparison.labels.indices.max { score($0) < score($1) } ?? 0
        return [comparison.baseline, best].compactMap { selection.arms[$0].runs.first?.run }
    }
}
