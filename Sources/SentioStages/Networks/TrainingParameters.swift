import SentioKit
import SentioLearn

/// The parameters that every kind has which trains a network. Those with a value of their own in each preset are null
/// unless they are given.
struct TrainingParameters: Sendable {
    let preset: Parameter<NetworkPreset>
    let frames: Parameter<Int?>
    let crops: Parameter<Int?>
    let normalisation: Parameter<Normalisation>
    let epochs: Parameter<Int?>
    let scheduleEpochs: Parameter<Int?>
    let batch: Parameter<Int?>
    let learningRate: Parameter<Double?>
    let weightDecay: Parameter<Double?>
    let schedule: Parameter<ScheduleChoice?>
    let floor: Parameter<Double>
    let warmup: Parameter<Double?>
    let clip: Parameter<Double?>
    let average: Parameter<Double?>
    let loss: Parameter<LossChoice?>
    let huberDelta: Parameter<Double>
    let noiseTau: Parameter<Double?>
    let raters: Parameter<Double>
    let melMasks: Parameter<Int?>
    let melMaskWidth: Parameter<Int?>
    let frameMasks: Parameter<Int?>
    let frameMaskWidth: Parameter<Int?>
    let mixing: Parameter<Mixing?>
    let mixingAlpha: Parameter<Double>
    let mixingBandwidth: Parameter<Double>
    let roll: Parameter<Int?>
    let gain: Parameter<Double?>
    let patience: Parameter<Int>
    let keep: Parameter<Keep>
    let checkpointSeconds: Parameter<Double>
    let precision: Parameter<PrecisionChoice>
    let seed: Parameter<Int?>

    private let presets: [NetworkPreset: TrainingRecipe]

    init(published: TrainingRecipe, compact: TrainingRecipe) {
        presets = [.published: published, .compact: compact]
        /// A parameter whose default is the preset's.
        func own<T: ParameterValue>(
            _ name: String, _ value: (TrainingRecipe) -> T, in range: ClosedRange<Double>? = nil, _ summary: String, unit: String? = nil
        ) -> Parameter<T?> {
            Self.own(name, published: value(published), compact: value(compact), in: range, summary, unit: unit)
        }
        preset = Parameter(
            "preset", default: .published,
            "Where the defaults come from: published, the Sentio study's settings; compact, a small network that trains in minutes on some hundred songs.",
            source: "Sentio study")
        frames = own("frames", \.frames, in: 0...1_000_000, "Length of a crop; 0: spectrograms as long as they are.", unit: "frames")
        crops = own("crops", \.crops, in: 1...1000, "Evenly spaced crops of a song whose mean is its prediction.")
        normalisation = Parameter(
            "normalisation", default: .dataset,
            "dataset: by mean and deviation of all training songs, loudness is kept; clip: a z-score of each song.")
        epochs = own("epochs", \.epochs, in: 1...100_000, "How often each training song is seen.")
        scheduleEpochs = Parameter(
            "schedule_epochs", default: .some(nil), in: 1...100_000,
            "Epochs over which the schedule runs; null: `epochs`. With a number, a training with more epochs goes on from one with fewer.")
        batch = own("batch", \.batch, in: 1...65_536, "Songs of one optimizer step.")
        learningRate = own("learning_rate", \.learningRate, in: 1e-9...10, "The highest learning rate of AdamW.")
        weightDecay = own("weight_decay", \.weightDecay, in: 0...10, "Decoupled weight decay of AdamW, not on biases, norms and positions.")
        schedule = own("schedule", \.schedule, "The learning rate over the steps: constant, or down on a cosine or a line.")
        floor = Parameter(
            "final_rate", default: 0.0, in: 0...1, "The learning rate at the end of the schedule, as a share of the highest.",
            source: "PyTorch's CosineAnnealingLR")
        warmup = own("warmup", \.warmup, in: 0...1000, "Linear warm-up of the learning rate.", unit: "epochs")
        clip = own("clip", \.clip, in: 0...1e6, "Largest length of the gradient; 0: as it comes.")
        average = own("ema", \.average, in: 0...0.99999, "Decay of the moving average of the weights, which then predicts; 0: none.")
        loss = own("loss", \.loss, "What is minimised: mse, huber, ccc (1 - CCC over the batch), or blend, the mean of mse and ccc.")
        huberDelta = Parameter(
            "huber_delta", default: 1.0, in: 1e-6...1e6, "For `huber`: the error from which the loss is linear.", unit: "rating units")
        noiseTau = Parameter(
            "noise_tau", default: .some(nil), in: 0.001...1000,
            "Songs count 1 / (tau² + std² / raters) by how much their raters disagreed; null: all the same.", unit: "rating units")
        raters = Parameter("raters", default: 10.0, in: 1...1e6, "For `noise_tau`: how many rated each song.", source: "DEAM")
        melMasks = own("mel_masks", \.augmentation.melMasks, in: 0...100, "SpecAugment: bands of mels set to the mean.")
        melMaskWidth = own("mel_mask_width", \.augmentation.melMaskWidth, in: 1...1024, "The most mels of a band.", unit: "mels")
        frameMasks = own("frame_masks", \.augmentation.frameMasks, in: 0...100, "SpecAugment: stretches of frames set to the mean.")
        frameMaskWidth = own(
            "frame_mask_width", \.augmentation.frameMaskWidth, in: 1...1_000_000, "The most frames of a stretch.", unit: "frames")
        mixing = own(
            "mixup", \.augmentation.mixing,
            "Samples mixed with others: none, mixup (any song), c-mixup (songs of near ratings).")
        mixingAlpha = Parameter(
            "mixup_alpha", default: 0.5, in: 0.01...100, "Both parameters of the beta distribution of the share.",
            source: "Zhang et al. 2018")
        mixingBandwidth = Parameter(
            "mixup_bandwidth", default: 0.5, in: 0.001...1000, "For `c-mixup`: how near ratings are.", unit: "rating units")
        roll = own("roll", \.augmentation.roll, in: 0...1_000_000, "A sample is turned round in time by up to so much.", unit: "frames")
        gain = own("gain", \.augmentation.gain, in: 0...40, "A sample is made louder or softer by up to so much.", unit: "dB")
        patience = Parameter(
            "patience", default: 0, in: 0...100_000,
            "Stop after so many epochs without a lower loss on the split's validation songs; 0: never. These songs count as seen.")
        keep = Parameter(
            "keep", default: .last,
            "Which weights come out: the last, or those with the lowest validation loss. These songs count as seen then.")
        checkpointSeconds = Parameter(
            "checkpoint_seconds", default: 60, in: 0...86_400, "Time between checkpoints within an epoch.", unit: "s", isIdentity: false)
        precision = Parameter(
            "precision", default: .auto,
            "Of products. auto: float32; bf16: mixed precision where the processor has AVX-512 bf16 or AMX, float32 and a warning elsewhere."
        )
        seed = Parameter(
            "seed", default: .some(nil), "Seed of starting weights, order, dropout and augmentation; null: the run's.")
    }

    static func own<T: ParameterValue>(
        _ name: String, published: T, compact: T, in range: ClosedRange<Double>? = nil, _ summary: String, unit: String? = nil
    ) -> Parameter<T?> {
        let (first, second) = (published.parameterValue.text, compact.parameterValue.text)
        return Parameter(
            name, default: .some(nil), in: range, summary, unit: unit,
            source: first == second ? "preset: \(first)" : "preset: \(first), compact \(second)")
    }

    var all: [any ParameterDefinition] {
        [
            preset, frames, crops, normalisation, epochs, scheduleEpochs, batch, learningRate, weightDecay, schedule, floor, warmup, clip,
            average, loss, huberDelta, noiseTau, raters, melMasks, melMaskWidth, frameMasks, frameMaskWidth, mixing, mixingAlpha,
            mixingBandwidth, roll, gain, patience, keep, FitOn.parameter, checkpointSeconds, precision, seed,
        ]
    }

    /// - throws: `ConfigurationErrors` for values that do not go together.
    func recipe(_ configuration: Configuration) throws(ConfigurationErrors) -> TrainingRecipe {
        guard var recipe = presets[configuration[preset]] else { preconditionFailure("Every preset has a recipe.") }
        recipe.fitOn = try FitOn.sets(configuration)
        func take<T>(_ parameter: Parameter<T?>, _ value: inout T) { if let given = configuration[parameter] { value = given } }
        take(frames, &recipe.frames)
        take(crops, &recipe.crops)
        recipe.normalisation = configuration[normalisation]
        take(epochs, &recipe.epochs)
        recipe.scheduleEpochs = configuration[scheduleEpochs]
        take(batch, &recipe.batch)
        take(learningRate, &recipe.learningRate)
        take(weightDecay, &recipe.weightDecay)
        take(schedule, &recipe.schedule)
        recipe.floor = configuration[floor]
        take(warmup, &recipe.warmup)
        take(clip, &recipe.clip)
        take(average, &recipe.average)
        take(loss, &recipe.loss)
        recipe.huberDelta = configuration[huberDelta]
        recipe.noiseTau = configuration[noiseTau]
        recipe.raters = configuration[raters]
        take(melMasks, &recipe.augmentation.melMasks)
        take(melMaskWidth, &recipe.augmentation.melMaskWidth)
        take(frameMasks, &recipe.augmentation.frameMasks)
        take(frameMaskWidth, &recipe.augmentation.frameMaskWidth)
        take(mixing, &recipe.augmentation.mixing)
        recipe.augmentation.mixingAlpha = configuration[mixingAlpha]
        recipe.augmentation.mixingBandwidth = configuration[mixingBandwidth]
        take(roll, &recipe.augmentation.roll)
        take(gain, &recipe.augmentation.gain)
        recipe.patience = configuration[patience]
        recipe.keep = configuration[keep]
        recipe.checkpointSeconds = configuration[checkpointSeconds]
        recipe.precision = configuration[precision]
        recipe.seed = configuration[seed]
        try check(recipe, configuration)
        return recipe
    }

    private func check(_ recipe: TrainingRecipe, _ configuration: Configuration) throws(ConfigurationErrors) {
        if recipe.choosesByValidation, recipe.fitOn.contains(.validation) {
            throw ConfigurationErrors(
                recipe.patience > 0 ? "patience" : "keep",
                "the validation songs say which weights come out, so they cannot be in `fit_on` too.")
        }
        if recipe.normalisation == .clip, recipe.augmentation.gain > 0 {
            throw ConfigurationErrors("gain", "`normalisation: clip` takes the loudness of a song out again; set `gain: 0`.")
        }
        if let total = recipe.scheduleEpochs, recipe.schedule == .constant {
            throw ConfigurationErrors("schedule_epochs", "a constant learning rate has no schedule that could run over \(total) epochs.")
        }
        if recipe.loss == .ccc || recipe.loss == .blend, recipe.batch == 1 {
            throw ConfigurationErrors("batch", "the CCC of a single song does not exist; give at least 2.")
        }
    }
}

extension Double {
    /// The number that people write for a single: 0.1 and not 0.10000000149011612.
    init(written single: Float) { self = Double("\(single)") ?? Double(single) }
}
