import ArgumentParser
import SentioEngine
import SentioKit
import SentioRunStore
import SentioSpec

struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Explain why a stage would run: the chain of causes back to the root cause.",
        discussion: "Exit codes: 0 done, 3 invalid pipeline, 64 usage.")

    @OptionGroup var pipeline: PipelineOptions
    @Argument(help: "The stage to explain.")
    var stage: String
    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    func run() throws {
        let loaded = try pipeline.load(json: format.json)
        try loaded.requireStages([stage])
        // `stage` may name a stage, the copies of one, or a group.
        let stages = loaded.graph[stage] != nil ? [stage] : loaded.graph.stages(named: stage)
        let opened = try workspace.open(), engine = Engine(workspace: opened)
        let plan = engine.plan(loaded, options: RunOptions(jobs: MachineInfo.cores)), chain = engine.why(stages, plan)
        let planned = stages.count == 1 ? plan.first { $0.stage == stages[0] } : nil
        let last = stages.compactMap { engine.lastRecord(of: $0, in: loaded) }.max { $0.finishedAt < $1.finishedAt }
        let attempt = chain.isEmpty ? nil : unfinished(stages, loaded.name, opened)
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
                "attempt": attempt.map {
                    [
                        "run": .string($0.run), "stage": .string($0.stage), "state": .string($0.state),
                        "started_at": .double($0.startedAt), "message": $0.message.map(Value.string) ?? .null,
                    ]
                } ?? .null,
            ])
        }
        var lines = Self.lines(stage, chain.map { ($0.stage, $0.reason) }, loaded.graph)
        if let planned, planned.isStale, !chain.contains(where: { $0.reason.causes.contains { $0.code == "blocked" } })
        {
            lines.append(Self.outlook(planned))
        }
        if let attempt { lines += Self.lines(attempt, of: stage, opened) }
        if let last {
            lines.append(
                "It last ran \(Words.date(last.finishedAt)) for \(Words.duration(last.seconds)) in run \(last.run), "
                    + "because: \(last.reason)."
            )
        }
        Output.text(lines)
    }

    /// The most recent attempt, if it left no result: it failed, was stopped, or is still running.
    private func unfinished(_ stages: [String], _ pipeline: String, _ workspace: Workspace) -> StageAttempt? {
        guard let store = try? RunStore.openExisting(path: workspace.runStorePath) else { return nil }
        _ = try? store.markInterrupted()
        let attempts = stages.compactMap { try? store.lastAttempt(at: $0, of: pipeline) }
        guard let newest = attempts.max(by: { $0.startedAt < $1.startedAt }) else { return nil }
        // Of several copies of a stage, the failed one is the most informative.
        let found = attempts.first { $0.run == newest.run && $0.state == "failed" } ?? newest
        return ["failed", "interrupted", "running"].contains(found.state) ? found : nil
    }

    private static func lines(_ attempt: StageAttempt, of stage: String, _ workspace: Workspace) -> [String] {
        let name = attempt.stage == stage ? "It" : attempt.stage, when = Words.date(attempt.startedAt)
        guard attempt.state == "failed" else {
            let stopped = "\(name) was stopped in the last attempt (\(when), run \(attempt.run))."
            return [attempt.state == "running" ? "Run \(attempt.run) is executing it now." : stopped]
        }
        let message = attempt.message ?? "no message"
        var first = message.prefix { $0 != "\n" }
        // A message that ends with `… Its last lines:` introduces an excerpt of the log.
        if first.last == ":", first.count < message.count, let end = first.ranges(of: ". ").last {
            first = first[...end.lowerBound]
        }
        let log = "\(workspace.runDirectory(attempt.run))/\(attempt.stage)/log.txt"
        return [
            "\(name) failed in the last attempt (\(when), run \(attempt.run)): \(Words.plain(String(first)))",
            Paths.exists(log) ? "Log: \(log)" : "Details: sentio-pipeline runs show \(attempt.run)",
        ]
    }

    /// Where it would resume, and how long it would take.
    private static func outlook(_ stage: PlannedStage) -> String {
        let price = stage.price.map(PriceText.text) ?? "an unknown time, because there is no record of similar work"
        guard let resumption = stage.resumption else { return "It would take \(price)." }
        return "An earlier attempt left a checkpoint: it \(resumption.mark.text), and the rest would take \(price)."
    }

    /// The stages along the chain, then the root causes; copies of a stage share a line.
    private static func lines(_ stage: String, _ all: [(stage: String, reason: RunReason)], _ graph: StageGraph)
        -> [String]
    {
        guard !all.isEmpty else { return ["`\(stage)` is up to date."] }
        let rows = Rows(all.map(\.stage), graph)
        let chain = rows.collapse(all) { $0.stage }.map { row, links in
            (stage: row, reason: rows.merged(links.map(\.reason)))
        }
        let width = chain.map(\.stage.count).max() ?? 0
        func line(_ link: (stage: String, reason: RunReason)) -> String {
            "  \(link.stage)\(String(repeating: " ", count: width - link.stage.count))  "
                + "\(Words.plain(link.reason.text))"
        }
        let first = chain.filter { $0.reason.causes.contains { $0.code != "upstream" } }
        let waiting = chain.filter { $0.reason.causes.allSatisfy { $0.code == "upstream" } }
        let isStuck = all.contains { $0.reason.causes.contains { $0.code == "blocked" } }
        var lines = ["`\(stage)` \(isStuck ? "cannot run" : "would run"):"] + waiting.map(line)
        if !waiting.isEmpty, !first.isEmpty {
            lines.append(first.count == 1 ? "Root cause:" : "Root causes:")
        }
        lines += first.map(line)
        return lines
    }
}
