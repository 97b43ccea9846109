import SentioNN

/// Inference with the published Audio Spectrogram Transformer.
enum ASTInferWorkload: Workload {
    static let name = "ast-infer"
    static let usage = "[--batch N] [--frames F] [--threads T] [--precision float32|bf16] [--runs N]"

    static func run(_ options: Options) throws -> WorkloadResult {
        var configuration = AudioSpectrogramTransformer.Configuration()
        configuration.frames = try options.integer("frames", default: configuration.frames)
        let batch = try options.integer("batch", default: 8), threads = try options.integer("threads", default: 2)
        let precision = try NetworkMeasurement.precision(options)
        let model = AudioSpectrogramTransformer(configuration), parameters = ParameterSet(model, seed: 0)
        let source = SyntheticSpectrograms(count: batch, [configuration.mels, configuration.frames])
        let network = RegressionTrainer.Network(model) { $0($1) }
        let seconds = try NetworkMeasurement.shortest(of: try options.integer("runs", default: 4)) {
            _ = try RegressionTrainer.predict(
                network, parameters: parameters, source, threads: threads, precision: precision)
        }
        let graph = Graph(), predictions = model(graph.input("x", [1, configuration.mels, configuration.frames]))
        return NetworkMeasurement(
            shape: "\(configuration.mels)x\(configuration.frames)", precision: precision, batch: batch,
            threads: threads,
            secondsPerSample: seconds / Double(batch),
            operationsPerSample: Double(Program(graph: graph, outputs: [predictions]).operations)
        ).result()
    }
}
