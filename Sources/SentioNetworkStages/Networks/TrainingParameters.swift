import SentioKit
import SentioLearn
import SentioNN
import SentioSongStages

/// The parameters that every kind has which trains a network. Those with a value of their own in each preset are null
/// unless they are given.
struct TrainingParameters: Sendable {
    static let preset = Parameter(
        "preset", default: NetworkPreset.published,
        "Where the defaults come from: published, the Sentio study's settings; compact, a small network that trains "
            + "in minutes on some hundred songs.",
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
                "frames", \.frames, in: 0...1_000_000, "Length of a crop; 0: spectrograms as long as they are.",
                unit: "frames"),
            value.own("crops", \.crops, in: 1...1000, "Evenly spaced crops of a song whose mean is its prediction."),
            value.fixed(
                "normalisation", \.normalisation,
                "dataset: by mean and deviation of all training songs, loudness is kept; clip: a z-score of each "
                    + "song."),
            value.fixed(
                "statistics", \.statistics,
                "For `normalisation: dataset` with synthetic items: by the real songs among the training items, or by "
                    + "all items."
            ),
            value.own("epochs", \.epochs, in: 1...100_000, "How often each training song is seen."),
            value.fixed(
                "epoch_size", \.epochSize,
                "Samples of an epoch: all training items; real, as many as the split has training songs, so that arms "
                    + "with synthetic items take equal steps; or a number. Every item is drawn once before any is "
                    + "drawn again, across epochs."
            ),
            value.fixed(
                "schedule_epochs", \.scheduleEpochs, in: 1...100_000,
                "Epochs over which the schedule runs; null: `epochs`. With a number, a training with more epochs goes "
                    + "on from one with fewer."
            ),
            value.own("batch", \.batch, in: 1...65_536, "Songs of one optimizer step."),
            value.own("learning_rate", \.learningRate, in: 1e-9...10, "The highest learning rate of AdamW."),
            value.own(
                "weight_decay", \.weightDecay, in: 0...10,
                "Decoupled weight decay of AdamW, not on biases, norms and positions."),
            value.own(
                "schedule", \.schedule,
                "The learning rate over the steps: constant, down on a cosine or a line, or plateau: cut when the "
                    + "validation loss stands still; these songs count as seen then."
            ),
            value.fixed(
                "final_rate", \.floor, in: 0...1,
                "The learning rate at the end of the schedule, as a share of the highest.",
                source: "PyTorch's CosineAnnealingLR"),
            value.fixed(
                "plateau_factor", \.plateau.factor, in: 0.001...0.999,
                "For `plateau`: the learning rate is multiplied by it.",
                source: "Sentio study"),
            value.fixed(
                "plateau_patience", \.plateau.patience, in: 1...100_000,
                "For `plateau`: epochs without a loss lower by 1e-4 before each cut.",
                source: "Sentio study; Keras' ReduceLROnPlateau"),
            value.fixed(
                "plateau_minimum", \.plateau.minimum, in: 0...10, "For `plateau`: the lowest learning rate.",
                source: "Sentio study"),
            value.own("warmup", \.warmup, in: 0...1000, "Linear warm-up of the learning rate.", unit: "epochs"),
            value.own("clip", \.clip, in: 0...1e6, "Largest length of the gradient; 0: as it comes."),
            value.own(
                "ema", \.average, in: 0...0.99999,
                "Decay of the moving average of the weights, which then predicts; 0: none."),
            value.own(
                "loss", \.loss,
                "What is minimised: mse, huber, ccc (1 - CCC over the batch), or blend, the mean of mse and ccc."),
            value.fixed(
                "loss_weights", \.lossWeights,
                "How much each dimension counts in the loss, as a list in the labels' order or a map by name; null: "
                    + "all the same. Only their shares of the sum matter.",
                source: "Sentio study's CRNN: [0.4, 0.6]"),
            value.fixed(
                "huber_delta", \.huberDelta, in: 1e-6...1e6, "For `huber`: the error from which the loss is linear.",
                unit: "rating units"),
            value.fixed(
                "noise_tau", \.noiseTau, in: 0.001...1000,
                "Songs count 1 / (tau² + std² / raters) by how much their raters disagreed; null: all the same.",
                unit: "rating units"),
            value.fixed("raters", \.raters, in: 1...1e6, "For `noise_tau`: how many rated each song.", source: "DEAM"),
            value.own("mel_masks", \.augmentation.melMasks, in: 0...100, "SpecAugment: bands of mels set to the mean."),
            value.own(
                "mel_mask_width", \.augmentation.melMaskWidth, in: 1...1024, "The most mels of a band.", unit: "mels"),
            value.own(
                "frame_masks", \.augmentation.frameMasks, in: 0...100,
                "SpecAugment: stretches of frames set to the mean."),
            value.own(
                "frame_mask_width", \.augmentation.frameMaskWidth, in: 1...1_000_000, "The most frames of a stretch.",
                unit: "frames"),
            value.own(
                "mixup", \.augmentation.mixing,
                "Samples mixed with others: none, mixup (any song), c-mixup (songs of near ratings)."),
            value.fixed(
                "mixup_alpha", \.augmentation.mixingAlpha, in: 0.01...100,
                "Both parameters of the beta distribution of the share.",
                source: "Zhang et al. 2018"),
            value.fixed(
                "mixup_bandwidth", \.augmentation.mixingBandwidth, in: 0.001...1000,
                "For `c-mixup`: how near ratings are.",
                unit: "rating units"),
            value.own(
                "roll", \.augmentation.roll, in: 0...1_000_000, "A sample is turned round in time by up to so much.",
                unit: "frames"),
            value.own(
                "gain", \.augmentation.gain, in: 0...40, "A sample is made louder or softer by up to so much.",
                unit: "dB"),
            value.fixed(
                "patience", \.patience, in: 0...100_000,
                "Stop after so many epochs without a lower loss on the split's validation songs; 0: never. These "
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
                unit: "s",
                isIdentity: false),
            value.fixed(
                "precision", \.precision,
                "Of products. auto: float32; bf16: mixed precision where the processor has AVX-512 bf16 or AMX, "
                    + "float32 and a warning elsewhere."
            ),
            value.fixed("seed", \.seed, "Seed of starting weights, order, dropout and augmentation; null: the run's."),
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
                "gain", "`normalisation: clip` takes the loudness of a song out again; set `gain: 0`.")
        }
        if let total = recipe.scheduleEpochs, !recipe.schedule.type.dependsOnLength {
            throw ConfigurationErrors(
                "schedule_epochs",
                "`schedule: \(recipe.schedule.rawValue)` has no schedule that could run over \(total) epochs.")
        }
        if !recipe.loss.type.isSeparable, recipe.batch == 1 {
            throw ConfigurationErrors(
                "batch", "`loss: \(recipe.loss.rawValue)` compares the songs of a batch, so it needs at least 2.")
        }
    }
}

extension Double {
    /// The number that people write for a single: 0.1 and not 0.10000000149011612.
    init(written single: Float) { self = Double("\(single)") ?? Double(single) }
}
