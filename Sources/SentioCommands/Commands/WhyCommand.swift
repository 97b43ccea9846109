import ArgumentParser
import SentioEngine
import SentioKit

struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Explain why a stage would run: the chain of causes down to the first.",
        discussion: "Exit codes: 0 done, 3 invalid pipeline, 64 usage.")

    @OptionGroup var pipeline: PipelineOptions
    @Argument(help: "The stage.")
    var stage: String
    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    func run() throws {
        let loaded = try pipeline.load(json: format.json)
        try checkStages([stage], of: loaded)
        // The name of a stage, or of the copies of one, or of all of a group.
        let stages = loaded.graph[stage] != nil ? [stage] : loaded.graph.stages(named: stage)
        let engine = Engine(workspace: try workspace.open())
        let plan = engine.plan(loaded, options: RunOptions(jobs: MachineInfo.cores)), chain = engine.why(stages, plan)
        let planned = stages.count == 1 ? plan.first { $0.stage == stages[0] } : nil
        let last = stages.compactMap { engine.lastRecord(of: $0, in: loaded) }.max { $0.finishedAt < $1.finishedAt }
        if format.json {
            return Output.json([
                "schema": 1, "stage": .string(stage), "stale": .bool(!chain.isEmpty),
                "expected_seconds": planned?.price.map { .double($0.seconds) } ?? .null,
                "resumption": planned?.resumption?.value ?? .null,
                "chain": .list(chain.map { ["stage": .string($0.stage), "reason": $0.reason.value] }),
                "last": last.map {
                    [
                        "run": .string($0.run), "finished_at": .double($0.finishedAt), "seconds": .double($0.seconds),
                        "reason": .string($0.reason),
                    ]
                } ?? .null,
            ])
        }
        Self.lines(stage, chain.map { ($0.stage, $0.reason) }, loaded.graph).forEach(Output.line)
        if let planned, planned.isStale, !chain.contains(where: { $0.reason.causes.contains { $0.code == "blocked" } }) {
            Output.line(Self.outlook(planned))
        }
        if let last {
            Output.line(
                "It last ran \(Words.date(last.finishedAt)) for \(Words.duration(last.seconds)) in run \(last.run), because: \(last.reason)."
            )
        }
    }

    /// From where it goes on, and what it would take.
    private static func outlook(_ stage: PlannedStage) -> String {
        let price = stage.price.map(PriceText.text) ?? "an unknown time, for no record tells of such work"
        guard let resumption = stage.resumption else { return "It would take \(price)." }
        return "An earlier attempt left a checkpoint: it \(resumption.mark.text), and the rest would take \(price)."
    }

    /// The stages on the way up, then the causes at its end; copies of one stage in one line.
    private static func lines(_ stage: String, _ all: [(stage: String, reason: RunReason)], _ graph: StageGraph) -> [String] {
        guard !all.isEmpty else { return ["`\(stage)` is up to date."] }
        let rows = Rows(all.map(\.stage), graph)
        let chain = rows.collapse(all) { $0.stage }.map { row, links in (stage: row, reason: rows.merged(links.map(\.reason))) }
        let width = chain.map(\.stage.count).max() ?? 0
        func line(_ link: (stage: String, reason: RunReason)) -> String {
            "  \(link.stage)\(String(repeating: " ", count: width - link.stage.count))  \(Words.plain(link.reason.text))"
        }
        let first = chain.filter { $0.reason.causes.contains { $0.code != "upstream" } }
        let waiting = chain.filter { $0.reason.causes.allSatisfy { $0.code == "upstream" } }
        let isStuck = all.contains { $0.reason.causes.contains { $0.code == "blocked" } }
        var lines = ["`\(stage)` \(isStuck ? "cannot run" : "would run"):"] + waiting.map(line)
        if !waiting.isEmpty, !first.isEmpty { lines.append(first.count == 1 ? "The first cause:" : "The first causes:") }
        lines += first.map(line)
        return lines
    }
}
