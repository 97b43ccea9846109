import SentioNN

/// Times training steps of a network (forward, backward, AdamW) as a stage runs them.
struct TrainStep {
    static let usage =
        "[--batch N] [--frames F] [--dropout P] [--threads T] [--precision float32|bf16] [--runs N] [--profile yes]"

    /// - Parameter microBatch: as in `TrainingSettings`.
    static func run(
        _ options: Options, _ network: RegressionTrainer.Network, inputShape: Shape, microBatch: Int, dropout: Double
    ) throws -> WorkloadResult {
        var settings = TrainingSettings()
        settings.batch = try options.integer("batch", default: 8)
        settings.microBatch = microBatch
        settings.threads = try options.integer("threads", default: 2)
        settings.precision = try NetworkMeasurement.precision(options)
        let runs = try options.integer("runs", default: 4)
        settings.epochs = runs
        let trainer = RegressionTrainer(
            network, settings: settings, source: SyntheticSpectrograms(count: settings.batch, inputShape))
        trainer.isProfiling = try options.choice("profile", default: Switch.no) == .yes
        let seconds = try NetworkMeasurement.shortest(of: runs) { _ = try trainer.runEpoch() }
        var result = NetworkMeasurement(
            shape: inputShape.dims.map(String.init).joined(separator: "x"), precision: settings.precision,
            dropout: dropout,
            batch: settings.batch, threads: settings.threads, secondsPerSample: seconds / Double(settings.batch),
            operationsPerSample: trainer.operationsPerSample
        ).result()
        result.numbers["parameters"] = Double(trainer.parameters.trainedCount)
        let memory = RegressionTrainer.memory(network, settings: settings, inputShape: inputShape)
        result.numbers["estimated_mb"] = Double(memory.total - memory.predicting) / 1e6
        for (op, seconds) in trainer.profile { result.numbers["op " + op] = seconds / Double(runs * settings.batch) }
        return result
    }

    enum Switch: String, CaseIterable { case no, yes }
}
