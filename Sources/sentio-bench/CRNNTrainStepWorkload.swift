import SentioNN

/// One training step of the convolutional recurrent network. The counterpart is `peers/neural.py crnn`. `--dropout`
/// applies to the convolution blocks.
enum CRNNTrainStepWorkload: Workload {
    static let name = "crnn-train-step"
    static let usage = TrainStep.usage

    static func run(_ options: Options) throws -> WorkloadResult {
        var configuration = CRNN.Configuration()
        configuration.frames = try options.integer("frames", default: configuration.frames)
        let dropout = try options.number("dropout", default: 0.2, in: 0...0.95)
        for index in configuration.blocks.indices { configuration.blocks[index].dropout = Float(dropout) }
        if let problem = configuration.problem { throw OptionError(description: problem) }
        return try TrainStep.run(
            options, RegressionTrainer.Network(CRNN(configuration)) { $0($1) },
            inputShape: [configuration.height, configuration.frames],
            microBatch: 0, dropout: dropout)
    }
}
