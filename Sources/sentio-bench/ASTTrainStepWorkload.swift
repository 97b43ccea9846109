import SentioNN
import SentioNumerics

/// One training step of the published Audio Spectrogram Transformer: forward, backward, AdamW. The peer is
/// `peers/neural.py ast`.
enum ASTTrainStepWorkload: Workload {
    static let name = "ast-train-step"
    static let usage = "[--batch N] [--micro-batch N] [--frames F] [--dropout-percent P] [--threads T] [--steps N] [--profile 2]"

    static func run(_ options: Options) throws -> WorkloadResult {
        let batch = try options.integer("batch", default: 8), micro = try options.integer("micro-batch", default: 1)
        let threads = try options.integer("threads", default: 2), steps = try options.integer("steps", default: 4)
        var configuration = AudioSpectrogramTransformer.Configuration()
        configuration.frames = try options.integer("frames", default: 2584)
        configuration.dropout = Float(try options.integer("dropout-percent", default: 10)) / 100
        let model = AudioSpectrogramTransformer(configuration), parameters = ParameterSet(model, seed: 0)
        let graph = Graph()
        let x = graph.input("x", [micro, configuration.mels, configuration.frames]), y = graph.input("y", [micro, 2])
        let program = Program(graph: graph, loss: meanSquaredError(model(x), y), outputs: [])
        let parallel = DataParallel(program, parameters: parameters, lanes: threads, microBatch: micro)
        let isProfiling = try options.integer("profile", default: 1) > 1
        for lane in parallel.lanes { lane.isProfiling = isProfiling }
        let optimizer = AdamW(decay: 0.05), state = AdamW.State(parameters)
        var best = Double.infinity
        for step in 0..<steps {
            let elapsed = try ContinuousClock().measure {
                try parallel.run(samples: batch) { executor, first in
                    let input = executor.input("x")
                    for index in input.indices { input[index] = Float((index &* 7919 + first) % 997) / 997 }
                    executor.input("y").update(repeating: 0.5)
                    executor.run(key: UInt64(step), firstSample: first, scale: Float(micro) / Float(batch))
                }
                optimizer.update(parameters, gradients: parallel.gradients, state: state, rate: 1e-4)
            }
            if step > 0 || steps == 1 { best = min(best, elapsed / .seconds(1)) }
        }
        var result = WorkloadResult()
        result.numbers = [
            "seconds_per_sample": best / Double(batch), "batch": Double(batch), "frames": Double(configuration.frames),
            "dropout": Double(configuration.dropout), "parameters": Double(parameters.trainedCount),
            "arena_mb": Double(program.arenaBytes) / 1e6, "threads": Double(threads),
        ]
        if isProfiling {
            for (op, seconds) in parallel.lanes[0].profile { result.numbers["op " + op] = seconds / Double(steps * batch) }
        }
        return result
    }
}
