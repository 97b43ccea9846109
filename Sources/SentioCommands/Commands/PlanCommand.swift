import ArgumentParser
import SentioEngine
import SentioKit

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what would run, why, and what it would cost; change nothing.",
        discussion: "Exit codes: 0 done, 3 invalid pipeline, 4 something is stale (only with --exit-code), 64 usage.")

    @OptionGroup var pipeline: PipelineOptions
    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    @Option(name: .long, parsing: .singleValue, help: ArgumentHelp("Only this stage and what it needs; repeatable.", valueName: "stage"))
    var only: [String] = []

    @Flag(name: .long, help: "End with exit code 4 if anything is stale.")
    var exitCode = false

    func run() throws {
        let loaded = try pipeline.load(json: format.json)
        try checkStages(only, of: loaded)
        var options = RunOptions(jobs: MachineInfo.cores)
        options.only = only.flatMap(loaded.graph.stages(named:))
        let planned = Engine(workspace: try workspace.open()).plan(loaded, options: options)
        let stale = planned.filter(\.isStale)
        if format.json {
            Output.json(["schema": 1, "pipeline": .string(loaded.name), "stale": .int(stale.count), "stages": .list(planned.map(\.value))])
        } else {
            for line in Self.lines(planned, loaded.graph) { Output.line(line) }
        }
        if exitCode, !stale.isEmpty { throw ExitCodes.stale }
    }

    private static func lines(_ planned: [PlannedStage], _ graph: StageGraph) -> [String] {
        let stale = planned.filter(\.isStale)
        guard !stale.isEmpty else { return ["Everything is up to date: \(Words.count(planned.count, "stage"))."] }
        let terminal = Terminal.standardOutput()
        var table = TextTable(["stage", "kind", "would take", "why"], right: [2])
        let totals = Rows(planned.map(\.stage), graph)
        for (row, stages) in Rows(stale.map(\.stage), graph).collapse(stale, name: \.stage) {
            let part = row == stages[0].stage ? "" : "\(stages.count) of \(totals.count(of: row)): "
            table.rows.append([row, stages[0].kind, took(stages), part + why(stages, totals)])
        }
        let lines = table.lines(width: terminal.width) { row, column, text in
            row == nil ? terminal.paint(text, .dim) : column == 0 ? terminal.paint(text, .yellow) : text
        }
        let isMost = stale.contains { stage in
            if case .stale(let reason) = stage.state { reason.causes.contains { $0.code == "upstream" } } else { false }
        }
        let cost = PriceText.text(PriceSum(stale.map(\.price)), isMost: isMost)
        return lines + ["", "\(stale.count) of \(Words.count(planned.count, "stage")) would run: \(cost)."]
    }

    private static func took(_ stages: [PlannedStage]) -> String {
        let sum = PriceSum(stages.map(\.price))
        guard sum.known > 0 else { return "unknown" }
        return (sum.unknown > 0 ? "at least " : "") + Words.duration(sum.price.low...sum.price.high)
    }

    private static func why(_ stages: [PlannedStage], _ rows: Rows) -> String {
        for stage in stages { if case .blocked(let sentence) = stage.state { return "cannot run: \(sentence)" } }
        let resumption = stages.lazy.compactMap(\.resumption).first.map { "; \($0.mark.text)" } ?? ""
        return rows.merged(stages.compactMap { if case .stale(let reason) = $0.state { reason } else { nil } }).text + resumption
    }
}
