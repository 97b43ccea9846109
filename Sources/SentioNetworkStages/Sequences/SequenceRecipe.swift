import SentioKit
import SentioLearn
import SentioNN
import SentioSongStages

/// Everything about `sequence-train` that its parameters say: the network, and how it is trained. The defaults are
/// those of a small network for some dozen songs.
struct SequenceRecipe: RegressionRecipe {
    // Network
    var cell = CRNNTrainStage.Cell.gru
    var widths = [64]
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
            value.fixed("cell", \.cell, "The recurrent layers: gru or lstm.", source: "Cho et al. 2014"),
            value.fixed("widths", \.widths, in: 1...4096, "Width of each recurrent layer."),
            value.fixed("bidirectional", \.isBidirectional, "Whether recurrent layers read from both ends."),
            value.fixed("input_dropout", \.inputDropout, in: 0...0.95, "Dropout of the embeddings."),
            value.fixed(
                "dropout", \.dropout, in: 0...0.95, "Dropout between recurrent layers and before the linear head."),
            value.fixed(
                "loss", \.loss,
                "What is minimized over the rated steps of a batch's songs: mse, huber, ccc (1 - CCC), or blend, the "
                    + "mean of mse and ccc. Of huber, the error from which it is linear is half the scale."
            ),
            value.fixed("epochs", \.epochs, in: 1...100_000, "How often each training song is seen."),
            value.fixed("batch", \.batch, in: 1...65_536, "Songs of one optimizer step.", unit: "songs"),
            value.fixed("learning_rate", \.learningRate, in: 1e-9...10, "The highest learning rate of AdamW."),
            value.fixed(
                "weight_decay", \.weightDecay, in: 0...10, "Decoupled weight decay of AdamW, not on biases."),
            value.fixed(
                "schedule", \.schedule,
                "The learning rate over the steps: constant, down on a cosine or a line, or plateau: cut when the "
                    + "validation loss stands still; these songs count as seen then."
            ),
            value.fixed("warmup", \.warmup, in: 0...1000, "Linear warm-up of the learning rate.", unit: "epochs"),
            value.fixed("clip", \.clip, in: 0...1e6, "Largest norm of the gradient; 0: no clipping."),
            value.fixed(
                "ema", \.average, in: 0...0.99999,
                "Decay of the moving average of the weights, which then predicts; 0: none."),
            value.fixed(
                "patience", \.patience, in: 0...100_000,
                "Stop after this many epochs without a lower loss on the split's validation songs; 0: never. These "
                    + "songs count as seen."
            ),
            value.fixed(
                "keep", \.keep,
                "Which weights come out: the last, or those with the lowest validation loss. These songs count as "
                    + "seen then."
            ),
            Setting(FitOn.parameter),
            value.fixed(
                "checkpoint_seconds", \.checkpointSeconds, in: 0...86_400, "Time between checkpoints within an epoch.",
                unit: "s", isIdentity: false),
            value.fixed("seed", \.seed, "Seed of starting weights, order and dropout; null: the run's."),
        ]
    }()

    init() {}

    /// - throws: `ConfigurationErrors` for values that do not go together.
    init(_ configuration: Configuration) throws(ConfigurationErrors) {
        for setting in Self.settings { setting.apply(configuration, to: &self) }
        fitOn = try FitOn.sets(configuration)
        if widths.isEmpty { throw ConfigurationErrors("widths", "there is at least one recurrent layer.") }
        try requireSeparateValidation()
    }

    func network(inputs: Int, outputs: Int) -> SequenceRegressor.Configuration {
        var network = SequenceRegressor.Configuration(inputs: inputs, outputs: outputs)
        network.cell = cell == .lstm ? .lstm : .gru
        network.widths = widths
        network.isBidirectional = isBidirectional
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
