import SentioNN

/// Times a single layer: forward, and backward if it is trained, with each sample on one thread.
struct LayerStep {
    /// The parameters of a layer and its input, which is a parameter so that it has a gradient.
    private struct LayerWithInput: Layer { let parameters: [(name: String, parameter: Weight)] }

    let options: Options
    let shape: String
    var dropout = 0.0

    /// - Parameters:
    ///   - weights: parameters of the layer.
    ///   - build: builds the output from an input of that shape.
    func run(
        _ input: Shape, weights: [(name: String, parameter: Weight)] = [], isTraining: Bool, _ build: (Tensor) -> Tensor
    ) throws -> WorkloadResult {
        let batch = try options.integer("batch", default: 8), threads = try options.integer("threads", default: 2)
        let precision = try NetworkMeasurement.precision(options)
        let x = Weight(input, .normal(deviation: 1)), graph = Graph()
        let parameters = ParameterSet(LayerWithInput(parameters: [(name: "x", parameter: x)] + weights), seed: 0)
        let output = build(graph.parameter(x))
        let program = Program(graph: graph, loss: isTraining ? output : nil, outputs: [output], precision: precision)
        let parallel = DataParallel(program, parameters: parameters, lanes: threads, microBatch: 1)
        let seconds = try NetworkMeasurement.shortest(of: try options.integer("runs", default: 4)) {
            try parallel.run(samples: batch) { executor, sample in
                executor.forward(key: 1, firstSample: sample)
                guard let seed = executor.seed else { return }
                seed.update(repeating: 1)
                executor.backward(key: 1, firstSample: sample)
            }
        }
        return NetworkMeasurement(
            shape: shape, precision: precision, dropout: dropout, batch: batch, threads: threads,
            secondsPerSample: seconds / Double(batch),
            operationsPerSample: Double(program.operations)
        ).result()
    }
}
