import SentioNN

/// One training step of the published Audio Spectrogram Transformer. The counterpart is `peers/neural.py ast`.
enum ASTTrainStepWorkload: Workload {
    static let name = "ast-train-step"
    static let usage = TrainStep.usage

    static func run(_ options: Options) throws -> WorkloadResult {
        var configuration = AudioSpectrogramTransformer.Configuration()
        configuration.frames = try options.integer("frames", default: configuration.frames)
        let dropout = try options.number("dropout", default: 0.1, in: 0...0.95)
        configuration.dropout = Float(dropout)
        return try TrainStep.run(
            options, RegressionTrainer.Network(AudioSpectrogramTransformer(configuration)) { $0($1) },
            inputShape: [configuration.mels, configuration.frames], microBatch: 1, dropout: dropout)
    }
}
