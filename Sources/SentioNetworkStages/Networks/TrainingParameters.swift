import SentioKit
import SentioLearn
import SentioNN
import SentioSongStages

/// The parameters shared by all kinds that train a network. Those whose default depends on the preset are null unless
/// given.
struct TrainingParameters: Sendable {
    static let preset = Parameter(
        "preset", default: NetworkPreset.published,
        "Source of the defaults: published, the Sentio study's settings; compact, a small network that trains in "
            + "minutes on a few hundred songs.",
        source: "Sentio study")

    /// By preset; empty for a kind with one set of defaults.
    private let presets: [NetworkPreset: TrainingRecipe]
    private let defaults: TrainingRecipe
    private let settings: [Setting<TrainingRecipe>]

    init(published: TrainingRecipe, compact: TrainingRecipe) {
        presets = [.published: published, .compact: compact]
        defaults = TrainingRecipe()
        settings = Self.settings(
            SettingDefaults(defaults, presets: [("published", published), ("compact", compact)]))
    }

    /// For a kind with one set of defaults.
    /// - parameter unused: names of parameters that mean nothing to the kind.
    init(_ defaults: TrainingRecipe, without unused: Set<String>) {
        presets = [:]
        self.defaults = defaults
        settings = Self.settings(SettingDefaults(defaults)).filter { !unused.contains($0.parameter.name) }
    }

    private static func settings(_ value: SettingDefaults<TrainingRecipe>) -> [Setting<TrainingRecipe>] {
        [
            value.own(
                "frames", \.frames, in: 0...1_000_000,
                "Crop length; 0: whole spectrograms, which must all have the same length.",
                unit: "frames"),
            value.own(
                "crops", \.crops, in: 1...1000,
                "Number of evenly spaced crops per song; the song's prediction is the mean over them."),
            value.fixed(
                "normalisation", \.normalisation,
                "Standardization of the spectrograms. dataset: by the mean and standard deviation over all training "
                    + "songs, which preserves loudness; clip: a z-score of each song."),
            value.fixed(
                "statistics", \.statistics,
                "For `normalisation: dataset` with synthetic items: compute the statistics from the real songs among "
                    + "the training items, or from all items."
            ),
            value.own("epochs", \.epochs, in: 1...100_000, "Number of training epochs."),
            value.fixed(
                "epoch_size", \.epochSize,
                "Samples per epoch: all, every training item once; real, as many as the split has training songs, so "
                    + "that arms with synthetic items take the same number of steps; or a number. Every item is drawn "
                    + "once before any is drawn again, across epochs."
            ),
            value.fixed(
                "balance", \.balance,
                "Labels column, such as genre, whose values are drawn equally often in every epoch, however many songs "
                    + "have each; null: every song is drawn equally often.",
                keepsDefaultInKey: false),
            value.fixed(
                "schedule_epochs", \.scheduleEpochs, in: 1...100_000,
                "Number of epochs that the learning rate schedule spans; null: `epochs`. If set, a training with more "
                    + "epochs resumes from one with fewer."
            ),
            value.own("batch", \.batch, in: 1...65_536, "Batch size: samples per optimizer step."),
            value.own("learning_rate", \.learningRate, in: 1e-9...10, "Peak learning rate of AdamW."),
            value.own(
                "weight_decay", \.weightDecay, in: 0...10,
                "Decoupled weight decay of AdamW; biases, norms and position embeddings are exempt."),
            value.own(
                "schedule", \.schedule,
                "Learning rate schedule: constant; cosine or linear decay; or plateau, which lowers the rate when the "
                    + "validation loss stops improving. With plateau, the validation songs count as seen."
            ),
            value.fixed(
                "final_rate", \.floor, in: 0...1,
                "Learning rate at the end of the schedule, as a fraction of the peak.",
                source: "PyTorch's CosineAnnealingLR"),
            value.fixed(
                "plateau_factor", \.plateau.factor, in: 0.001...0.999,
                "For `plateau`: factor that multiplies the learning rate at each reduction.",
                source: "Sentio study"),
            value.fixed(
                "plateau_patience", \.plateau.patience, in: 1...100_000,
                "For `plateau`: epochs without a loss lower by 1e-4 before each reduction.",
                source: "Sentio study; Keras' ReduceLROnPlateau"),
            value.fixed(
                "plateau_minimum", \.plateau.minimum, in: 0...10, "For `plateau`: lower bound of the learning rate.",
                source: "Sentio study"),
            value.own("warmup", \.warmup, in: 0...1000, "Length of the linear learning rate warm-up.", unit: "epochs"),
            value.own("clip", \.clip, in: 0...1e6, "Maximum norm of the gradient; 0: no clipping."),
            value.own(
                "ema", \.average, in: 0...0.99999,
                "Decay of the exponential moving average of the weights, which is then used to predict; 0: no "
                    + "averaging."),
            value.own(
                "loss", \.loss,
                "Loss to minimize: mse, huber, ccc (1 - CCC over the batch), or blend, the mean of mse and ccc."),
            value.fixed(
                "loss_weights", \.lossWeights,
                "Weight of each dimension in the loss, as a list in the labels' order or a map by name; null: equal "
                    + "weights. Only the ratios matter.",
                source: "Sentio study's CRNN: [0.4, 0.6]"),
            value.fixed(
                "huber_delta", \.huberDelta, in: 1e-6...1e6,
                "For `huber`: absolute error above which the loss is linear.",
                unit: "rating units"),
            value.fixed(
                "noise_tau", \.noiseTau, in: 0.001...1000,
                "Weights each song by 1 / (tau² + std² / raters), so that songs whose raters disagree count less; "
                    + "null: equal weights.",
                unit: "rating units"),
            value.fixed("raters", \.raters, in: 1...1e6, "For `noise_tau`: number of raters per song.", source: "DEAM"),
            value.own(
                "mel_masks", \.augmentation.melMasks, in: 0...100,
                "SpecAugment: number of frequency masks per sample; masked mels are set to the mean."),
            value.own(
                "mel_mask_width", \.augmentation.melMaskWidth, in: 1...1024,
                "SpecAugment: maximum width of a frequency mask.", unit: "mels"),
            value.own(
                "frame_masks", \.augmentation.frameMasks, in: 0...100,
                "SpecAugment: number of time masks per sample; masked frames are set to the mean."),
            value.own(
                "frame_mask_width", \.augmentation.frameMaskWidth, in: 1...1_000_000,
                "SpecAugment: maximum width of a time mask.",
                unit: "frames"),
            value.own(
                "mixup", \.augmentation.mixing,
                "Mixes training samples: none; mixup, with any other song; c-mixup, with songs of similar ratings."),
            value.fixed(
                "mixup_alpha", \.augmentation.mixingAlpha, in: 0.01...100,
                "Both parameters of the beta distribution from which the mixing ratio is drawn.",
                source: "Zhang et al. 2018"),
            value.fixed(
                "mixup_bandwidth", \.augmentation.mixingBandwidth, in: 0.001...1000,
                "For `c-mixup`: standard deviation of the Gaussian kernel over rating distances that chooses partners.",
                unit: "rating units"),
            value.own(
                "roll", \.augmentation.roll, in: 0...1_000_000,
                "Random circular time shift of each sample, at most this many frames either way; 0: none.",
                unit: "frames"),
            value.own(
                "gain", \.augmentation.gain, in: 0...40,
                "Random gain on each sample, at most this many dB either way; 0: none.",
                unit: "dB"),
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
                unit: "s",
                isIdentity: false),
            value.fixed(
                "precision", \.precision,
                "Precision of matrix products. auto: float32; bf16: mixed precision on processors with AVX-512 bf16 or "
                    + "AMX, float32 and a warning on others."
            ),
            value.fixed(
                "seed", \.seed,
                "Seed of the initial weights, sample order, dropout and augmentation; null: the run's."),
        ]
    }

    var all: [any ParameterDefinition] {
        let own: [any ParameterDefinition] = presets.isEmpty ? [] : [Self.preset]
        return own + settings.map(\.parameter)
    }

    /// - throws: `ConfigurationErrors` for values that do not go together.
    func recipe(_ configuration: Configuration) throws(ConfigurationErrors) -> TrainingRecipe {
        var recipe = defaults
        if !presets.isEmpty {
            guard let preset = presets[configuration[Self.preset]] else {
                preconditionFailure("Every preset has a recipe.")
            }
            recipe = preset
        }
        for setting in settings { setting.apply(configuration, to: &recipe) }
        recipe.fitOn = try FitOn.sets(configuration)
        try check(recipe, configuration)
        return recipe
    }

    private func check(_ recipe: TrainingRecipe, _ configuration: Configuration) throws(ConfigurationErrors) {
        try recipe.requireSeparateValidation()
        if recipe.normalisation == .clip, recipe.augmentation.gain > 0 {
            throw ConfigurationErrors(
                "gain",
                "`normalisation: clip` removes the loudness of a song, so `gain` would have no effect; set "
                    + "`gain: 0`.")
        }
        if let total = recipe.scheduleEpochs, !recipe.schedule.type.dependsOnLength {
            throw ConfigurationErrors(
                "schedule_epochs",
                "`schedule: \(recipe.schedule.rawValue)` does not depend on the number of epochs, so it cannot span "
                    + "\(total) of them; remove `schedule_epochs`.")
        }
        if !recipe.loss.type.isSeparable, recipe.batch == 1 {
            throw ConfigurationErrors(
                "batch", "`loss: \(recipe.loss.rawValue)` compares the songs of a batch, so it needs at least 2.")
        }
    }
}

extension Double {
    /// The shortest decimal that reads back as this single: 0.1, not 0.10000000149011612.
    init(written single: Float) { self = Double("\(single)") ?? Double(single) }
}
