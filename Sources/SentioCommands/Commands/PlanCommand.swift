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
        options.only = only
        let planned = Engine(workspace: try workspace.open()).plan(loaded, options: options)
        let stale = planned.filter(\.isStale)
        if format.json {
            Output.json(["schema": 1, "pipeline": .string(loaded.name), "stale": .int(stale.count), "stages": .list(planned.map(\.value))])
        } else {
            for line in Self.lines(planned) { Output.line(line) }
        }
        if exitCode, !stale.isEmpty { throw ExitCodes.stale }
    }

    private static func lines(_ planned: [PlannedStage]) -> [String] {
        let stale = planned.filter(\.isStale)
        guard !stale.isEmpty else { return ["Everything is up to date: \(Words.count(planned.count, "stage"))."] }
        let terminal = Terminal.standardOutput()
        var table = TextTable(["stage", "kind", "last took", "why"], right: [2])
        for stage in stale { table.rows.append([stage.stage, stage.kind, stage.expectedSeconds.map(Words.duration) ?? "", why(stage)]) }
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
