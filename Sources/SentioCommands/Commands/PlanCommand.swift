import ArgumentParser
import SentioEngine
import SentioKit
import SentioSpec

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what would run, why, and how long it would take; change nothing.",
        discussion: """
            Exit codes: 0 done, 1 a stage cannot run (something that it needs is missing), 3 invalid pipeline, 4 \
            something is stale (only with --exit-code), 64 usage.
            """)

    @OptionGroup var pipeline: PipelineOptions
    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Plan only this stage and its dependencies; repeatable.", valueName: "stage"))
    var only: [String] = []

    @Flag(name: .long, help: "Exit with code 4 if anything is stale.")
    var exitCode = false

    func run() throws {
        let loaded = try pipeline.load(json: format.json)
        try loaded.requireStages(only)
        var options = RunOptions(jobs: MachineInfo.cores)
        options.only = only.flatMap(loaded.graph.stages(named:))
        let planned = Engine(workspace: try workspace.open()).plan(loaded, options: options)
        let stale = planned.filter(\.isStale), stuck = Self.stuck(planned, loaded.graph)
        if format.json {
            Output.json([
                "schema": 1, "pipeline": .string(loaded.name), "stale": .int(stale.count), "stuck": .int(stuck.count),
                "stages": .list(planned.map(\.value)),
            ])
        } else {
            Output.text((stale.isEmpty ? [] : Self.header(loaded)) + Self.lines(planned, stuck, loaded.graph))
        }
        if !stuck.isEmpty { throw ExitCode(1) }
        if exitCode, !stale.isEmpty { throw ExitCodes.stale }
    }

    /// The stages that cannot run now: something that they need is missing, or they depend on such a stage.
    private static func stuck(_ planned: [PlannedStage], _ graph: StageGraph) -> Set<String> {
        let blocked = planned.filter { if case .blocked = $0.state { true } else { false } }.map(\.stage)
        let affected = blocked.reduce(into: Set(blocked)) { $0.formUnion(graph.downstream(of: $1)) }
        return affected.intersection(planned.map(\.stage))
    }

    /// Which profile the plan is for, and what else the file offers; empty if it has no profiles.
    private static func header(_ pipeline: Pipeline) -> [String] {
        guard !pipeline.profiles.isEmpty else { return [] }
        let header = RunHeader(
            pipeline: pipeline.name, file: pipeline.path, seed: pipeline.seed, profile: pipeline.profile,
            profiles: pipeline.profiles)
        return [header.title] + (header.others.map { [$0] } ?? []) + [""]
    }

    private static func lines(_ planned: [PlannedStage], _ stuck: Set<String>, _ graph: StageGraph) -> [String] {
        let stale = planned.filter(\.isStale)
        guard !stale.isEmpty else { return ["Everything is up to date: \(Words.count(planned.count, "stage"))."] }
        let terminal = Terminal.standardOutput()
        var table = TextTable(["stage", "kind", "would take", "why"], right: [2])
        table.canShortenNames = true
        let totals = Rows(planned.map(\.stage), graph)
        for (row, stages) in Rows(stale.map(\.stage), graph).collapse(stale, name: \.stage) {
            let part = row == stages[0].stage ? "" : "\(stages.count) of \(totals.count(of: row)): "
            let price = stages.allSatisfy { stuck.contains($0.stage) } ? "" : estimate(stages)
            table.rows.append([row, stages[0].kind, price, part + why(stages, totals)])
        }
        let lines = table.lines(width: terminal.width) { row, column, text in
            row == nil ? terminal.paint(text, .dim) : column == 0 ? terminal.paint(text, .yellow) : text
        }
        let running = stale.filter { !stuck.contains($0.stage) }, all = Words.count(planned.count, "stage")
        guard !running.isEmpty else { return lines + ["", "\(stuck.count) of \(all) cannot run."] }
        let isMost = running.contains { stage in
            if case .stale(let reason) = stage.state { reason.causes.contains { $0.code == "upstream" } } else { false }
        }
        let cost = PriceText.text(PriceSum(running.map(\.price)), isMost: isMost)
        let rest = stuck.isEmpty ? "" : " \(stuck.count) cannot run."
        return lines + ["", "\(running.count) of \(all) would run: \(cost).\(rest)"]
    }

    private static func estimate(_ stages: [PlannedStage]) -> String {
        let sum = PriceSum(stages.map(\.price))
        guard sum.known > 0 else { return "unknown" }
        return (sum.unknown > 0 ? "at least " : "") + Words.duration(sum.price.low...sum.price.high)
    }

    private static func why(_ stages: [PlannedStage], _ rows: Rows) -> String {
        for stage in stages { if case .blocked(let sentence) = stage.state { return "cannot run: \(sentence)" } }
        let resumption = stages.lazy.compactMap(\.resumption).first.map { "; \($0.mark.text)" } ?? ""
        return rows.merged(stages.compactMap { if case .stale(let reason) = $0.state { reason } else { nil } }).text
            + resumption
    }
}
