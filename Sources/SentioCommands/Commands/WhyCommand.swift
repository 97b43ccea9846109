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
        guard loaded.graph[stage] != nil || loaded.graph.stages(named: stage).isEmpty else {
            let copies = loaded.graph.stages(named: stage)
            throw ValidationError("`\(stage)` is \(Words.count(copies.count, "stage")); ask for one of them, such as `\(copies[0])`.")
        }
        try checkStages([stage], of: loaded)
        let engine = Engine(workspace: try workspace.open())
        let chain = engine.why(stage, in: loaded, options: RunOptions(jobs: MachineInfo.cores))
        let last = engine.lastRecord(of: stage, in: loaded)
        if format.json {
            return Output.json([
                "schema": 1, "stage": .string(stage), "stale": .bool(!chain.isEmpty),
                "chain": .list(chain.map { ["stage": .string($0.stage), "reason": $0.reason.value] }),
                "last": last.map {
                    [
                        "run": .string($0.run), "finished_at": .double($0.finishedAt), "seconds": .double($0.seconds),
                        "reason": .string($0.reason),
                    ]
                } ?? .null,
            ])
        }
        Self.lines(stage, chain.map { ($0.stage, $0.reason) }).forEach(Output.line)
        if let last {
            Output.line(
                "It last ran \(Words.date(last.finishedAt)) for \(Words.duration(last.seconds)) in run \(last.run), because: \(last.reason)."
            )
        }
    }

    /// The stages on the way up, then the causes at its end.
    private static func lines(_ stage: String, _ chain: [(stage: String, reason: RunReason)]) -> [String] {
        guard !chain.isEmpty else { return ["`\(stage)` is up to date."] }
        let width = chain.map(\.stage.count).max() ?? 0
        func line(_ link: (stage: String, reason: RunReason)) -> String {
            "  \(link.stage)\(String(repeating: " ", count: width - link.stage.count))  \(Words.plain(link.reason.text))"
        }
        let first = chain.filter { $0.reason.causes.contains { $0.code != "upstream" } }
        let waiting = chain.filter { $0.reason.causes.allSatisfy { $0.code == "upstream" } }
        var lines = ["`\(stage)` would run:"] + waiting.map(line)
        if !waiting.isEmpty, !first.isEmpty { lines.append(first.count == 1 ? "The first cause:" : "The first causes:") }
        lines += first.map(line)
        return lines
    }
}
