import SentioNN
import SentioNumerics

/// One training step of the convolutional recurrent network: forward, backward, AdamW. The peer is `peers/neural.py crnn`.
enum CRNNTrainStepWorkload: Workload {
    static let name = "crnn-train-step"
    static let usage = "[--batch N] [--frames F] [--threads T] [--steps N] [--profile 2]"

    static func run(_ options: Options) throws -> WorkloadResult {
        let batch = try options.integer("batch", default: 8), threads = try options.integer("threads", default: 2)
        let steps = try options.integer("steps", default: 4), isProfiling = try options.integer("profile", default: 1) > 1
        var configuration = CRNN.Configuration()
        configuration.frames = try options.integer("frames", default: 2584)
        let model = CRNN(configuration), parameters = ParameterSet(model, seed: 0), graph = Graph()
        let x = graph.input("x", [batch, configuration.height, configuration.frames]), y = graph.input("y", [batch, 2])
        let program = Program(graph: graph, loss: meanSquaredError(model(x), y), outputs: [], threads: threads)
        let gradients = AlignedFloats(count: parameters.count)
        let executor = Executor(program, parameters: parameters, gradients: gradients)
        executor.isProfiling = isProfiling
        let optimizer = AdamW(decay: 0.05), state = AdamW.State(parameters)
        var best = Double.infinity
        for step in 0..<steps {
            let input = executor.input("x")
            for index in input.indices { input[index] = Float((index &* 7919) % 997) / 997 }
            executor.input("y").update(repeating: 0.5)
            let elapsed = ContinuousClock().measure {
                gradients.pointer.update(repeating: 0, count: gradients.count)
                executor.run(key: UInt64(step))
                optimizer.update(parameters, gradients: gradients, state: state, rate: 1e-4)
            }
            if step > 0 || steps == 1 { best = min(best, elapsed / .seconds(1)) }
        }
        var result = WorkloadResult()
        result.numbers = [
            "seconds_per_sample": best / Double(batch), "batch": Double(batch), "frames": Double(configuration.frames),
            "parameters": Double(parameters.trainedCount), "arena_mb": Double(program.arenaBytes) / 1e6, "threads": Double(threads),
        ]
        if isProfiling { for (op, seconds) in executor.profile { result.numbers["op " + op] = seconds / Double(steps * batch) } }
        return result
    }
}
