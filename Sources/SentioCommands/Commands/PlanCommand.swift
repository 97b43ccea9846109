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
        var table = TextTable(["stage", "kind", "last took", "why"], right: [2])
        let totals = Rows(planned.map(\.stage), graph)
        for (row, stages) in Rows(stale.map(\.stage), graph).collapse(stale, name: \.stage) {
            let seconds = stages.compactMap(\.expectedSeconds)
            let took = seconds.isEmpty ? "" : Words.duration(seconds.reduce(0, +))
            let part = row == stages[0].stage ? "" : "\(stages.count) of \(totals.count(of: row)): "
            table.rows.append([row, stages[0].kind, took, part + why(stages[0])])
        }
        let lines = table.lines(width: terminal.width) { row, column, text in
            row == nil ? terminal.paint(text, .dim) : column == 0 ? terminal.paint(text, .yellow) : text
        }
        let known = stale.compactMap(\.expectedSeconds)
        let cost =
            known.isEmpty
            ? "how long that takes is not known yet"
            : "about \(Words.duration(known.reduce(0, +))) at most, as it took last time"
                + (known.count < stale.count ? " (\(stale.count - known.count) never ran)" : "")
        return lines + ["", "\(stale.count) of \(Words.count(planned.count, "stage")) would run; \(cost)."]
    }

    private static func why(_ stage: PlannedStage) -> String {
        switch stage.state {
        case .upToDate: ""
        case .stale(let reason): reason.text
        case .blocked(let sentence): "cannot run: \(sentence)"
        }
    }
}
