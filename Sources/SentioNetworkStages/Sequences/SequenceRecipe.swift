import SentioKit
import SentioLearn
import SentioNN
import SentioSongStages

/// Everything about `sequence-train` that its parameters say: the network, and how it is trained. The defaults are
/// those of a small network for some dozen songs.
struct SequenceRecipe: RegressionRecipe {
    /// What reads the steps of a song.
    enum Cell: String, ParameterChoice { case gru, lstm, attention }

    // Network
    var cell = Cell.gru
    var widths = [64]
    var heads = 4
    var isBidirectional = true
    var inputDropout = 0.3
    var dropout = 0.2

    // Training
    var loss = LossChoice(SquaredErrorLoss.self)
    var epochs = 40
    var batch = 8
    var learningRate = 1e-3
    var weightDecay = 0.01
    var schedule = ScheduleChoice(CosineSchedule.self)
    var warmup = 1.0
    var clip = 1.0
    var average = 0.0
    var patience = 0
    var keep = Keep.last
    var checkpointSeconds = 60.0
    var seed: Int?
    var fitOn: [SplitSet] = [.train]

    static let settings: [Setting<SequenceRecipe>] = {
        let value = SettingDefaults(SequenceRecipe())
        return [
            value.fixed(
                "cell", \.cell,
                "Type of the layers that read the steps of a song: gru or lstm, recurrent layers; attention, pre-norm "
                    + "transformer blocks with sinusoidal positions.",
                source: "Cho et al. 2014"),
            value.fixed(
                "widths", \.widths, in: 1...4096,
                "Width of each recurrent layer; with `cell: attention`, of each transformer block, all the same."),
            value.fixed(
                "heads", \.heads, in: 1...4096,
                "Attention heads of each transformer block; they divide its width. Only with `cell: attention`.",
                keepsDefaultInKey: false),
            value.fixed(
                "bidirectional", \.isBidirectional,
                "Whether the recurrent layers are bidirectional; attention always reads the whole song."),
            value.fixed("input_dropout", \.inputDropout, in: 0...0.95, "Dropout rate of the embeddings."),
            value.fixed(
                "dropout", \.dropout, in: 0...0.95,
                "Dropout rate between recurrent layers or within transformer blocks, and before the linear head."),
            value.fixed(
                "loss", \.loss,
                "Loss to minimize over the rated steps of a batch: mse, huber, ccc (1 - CCC), or blend, the mean of "
                    + "mse and ccc. huber is linear above an absolute error of half the scale."
            ),
            value.fixed("epochs", \.epochs, in: 1...100_000, "Number of training epochs."),
            value.fixed("batch", \.batch, in: 1...65_536, "Batch size: songs per optimizer step.", unit: "songs"),
            value.fixed("learning_rate", \.learningRate, in: 1e-9...10, "Peak learning rate of AdamW."),
            value.fixed(
                "weight_decay", \.weightDecay, in: 0...10, "Decoupled weight decay of AdamW; biases are exempt."),
            value.fixed(
                "schedule", \.schedule,
                "Learning rate schedule: constant; cosine or linear decay; or plateau, which lowers the rate when the "
                    + "validation loss stops improving. With plateau, the validation songs count as seen."
            ),
            value.fixed(
                "warmup", \.warmup, in: 0...1000, "Length of the linear learning rate warm-up.", unit: "epochs"),
            value.fixed("clip", \.clip, in: 0...1e6, "Maximum norm of the gradient; 0: no clipping."),
            value.fixed(
                "ema", \.average, in: 0...0.99999,
                "Decay of the exponential moving average of the weights, which is then used to predict; 0: no "
                    + "averaging."),
            value.fixed(
                "patience", \.patience, in: 0...100_000,
                "Early stopping: stop after this many epochs without a lower loss on the split's validation songs, "
                    + "which then count as seen; 0: never."
            ),
            value.fixed(
                "keep", \.keep,
                "Which weights to keep: last, those of the last epoch; best, those with the lowest validation loss, in "
                    + "which case the validation songs count as seen."
            ),
            Setting(FitOn.parameter),
            value.fixed(
                "checkpoint_seconds", \.checkpointSeconds, in: 0...86_400, "Time between checkpoints within an epoch.",
                unit: "s", isIdentity: false),
            value.fixed("seed", \.seed, "Seed of the initial weights, sample order and dropout; null: the run's."),
        ]
    }()

    init() {}

    /// - throws: `ConfigurationErrors` for values that do not go together.
    init(_ configuration: Configuration) throws(ConfigurationErrors) {
        for setting in Self.settings { setting.apply(configuration, to: &self) }
        fitOn = try FitOn.sets(configuration)
        if widths.isEmpty { throw ConfigurationErrors("widths", "give at least one layer.") }
        if cell == .attention { try requireBlocks() }
        try requireSeparateValidation()
    }

    /// - throws: `ConfigurationErrors` for sizes that transformer blocks cannot have.
    private func requireBlocks() throws(ConfigurationErrors) {
        if Set(widths).count > 1 {
            throw ConfigurationErrors("widths", "with `cell: attention`, all blocks have the same width.")
        }
        if widths[0] % heads != 0 {
            throw ConfigurationErrors("heads", "\(heads) heads do not divide the width \(widths[0]).")
        }
        if !isBidirectional {
            throw ConfigurationErrors(
                "bidirectional", "`cell: attention` always reads the whole song. Leave it out, or choose `cell: gru`.")
        }
    }

    func network(inputs: Int, outputs: Int) -> SequenceRegressor.Configuration {
        var network = SequenceRegressor.Configuration(inputs: inputs, outputs: outputs)
        network.cell = cell == .lstm ? .lstm : .gru
        network.widths = widths
        network.isBidirectional = isBidirectional
        network.heads = cell == .attention ? heads : 0
        (network.inputDropout, network.dropout) = (Float(inputDropout), Float(dropout))
        return network
    }

    func lossOfSteps(dimensions: Int) -> SequenceLoss {
        SequenceLoss(loss.type.init(RegressionLosses.Settings()), dimensions: dimensions)
    }

    /// - parameter songs: that are trained on.
    func settings(songs: Int, dimensions: Int, seed: UInt64, threads: Int) -> TrainingSettings {
        var settings = TrainingSettings()
        settings.epochs = epochs
        settings.batch = min(batch, songs)
        settings.microBatch = 1
        settings.optimizer = AdamW(decay: Float(weightDecay))
        settings.learningRate = learningRate
        settings.schedule = schedule.type.init(Schedules.Settings(floor: 0, plateau: PlateauSchedule()))
        settings.warmup = Int((warmup * Double((songs + settings.batch - 1) / settings.batch)).rounded())
        settings.loss = lossOfSteps(dimensions: dimensions)
        settings.clip = clip
        settings.average = Float(average)
        settings.seed = self.seed.map { UInt64(bitPattern: Int64($0)) } ?? seed
        settings.threads = threads
        return settings
    }
}
