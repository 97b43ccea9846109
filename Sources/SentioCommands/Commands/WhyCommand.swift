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
        if chain.isEmpty { Output.line("`\(stage)` is up to date.") } else { Output.line("`\(stage)` would run:") }
        for (depth, link) in chain.enumerated() {
            let mark = depth == 0 ? "" : "because of "
            Output.line("  " + String(repeating: "  ", count: min(depth, 20)) + "\(mark)\(link.stage): \(link.reason.text)")
        }
        if let last {
            Output.line(
                "It last ran \(Words.date(last.finishedAt)) for \(Words.duration(last.seconds)) in run \(last.run), because: \(last.reason)."
            )
        }
    }
}
