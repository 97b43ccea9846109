import SentioKit
import SentioNN

/// The parameters of `gan-train`. Those with a value of their own in each preset are null unless they are given.
enum GANParameters {
    static let preset = SentioKit.Parameter(
        "preset", default: NetworkPreset.published,
        "Where the defaults come from: published, the Sentio study's settings; compact, a small GAN on crops that trains in minutes.",
        source: "Sentio study")
    static let frames = own(
        "frames", \.frames, in: 16...1_000_000, "Length of what is made, and of the crops it learns from: a multiple of 8.", unit: "frames")
    static let dim = own(
        "dim", \.dim, in: 4...4096, "Maps of the generator's smallest size and of the critic's third layer: a multiple of 4.")
    static let noise = own("noise", \.noise, in: 1...10_000, "Random numbers that each sample is made of, beside its ratings.")
    static let norm = own("norm", \.norm, "What keeps the critic in bounds: batch (normalisation), spectral (norm), none.")
    static let conditioning = own(
        "conditioning", \.conditioning,
        "How ratings come into the critic: channels beside the spectrogram, or a projection (Miyato and Koyama 2018).")
    static let loss = own("loss", \.loss, "bce (cross-entropy), hinge, or wgan-gp (Wasserstein with gradient penalty).")
    static let penalty = SentioKit.Parameter(
        "penalty", default: 10.0, in: 0...1e6, "For `wgan-gp`: weight of the gradient penalty.", source: "Gulrajani et al. 2017")
    static let smoothing = own(
        "smoothing", \.smoothing, in: 0...0.49, "For `bce`: taken from the label of real songs (Salimans et al. 2016).")
    static let instanceNoise = own(
        "instance_noise", \.instanceNoise, in: 0...10,
        "Deviation of noise on all the critic sees, on the scale -1...1; falls to 0 over the epochs.")
    static let epochs = own("epochs", \.epochs, in: 1...100_000, "How often each training song is seen.")
    static let batch = own("batch", \.batch, in: 2...65_536, "Songs of one step.")
    static let crops = own("crops", \.crops, in: 1...10_000, "Crops of each song in an epoch.")
    static let generatorRate = own("generator_rate", \.generatorRate, in: 1e-9...10, "Learning rate of the generator's Adam.")
    static let criticRate = own(
        "critic_rate", \.criticRate, in: 1e-9...10, "Learning rate of the critic's Adam (two rates: Heusel et al. 2017).")
    static let beta1 = own("beta1", \.beta1, in: 0...0.9999, "Adam's decay of the first moment (wgan-gp usually takes 0).")
    static let beta2 = own("beta2", \.beta2, in: 0...0.99999, "Adam's decay of the second moment.")
    static let criticSteps = own(
        "critic_steps", \.criticSteps, in: 1...100, "Critic steps for each of the generator's (wgan-gp usually takes 5).")
    static let average = own(
        "ema", \.average, in: 0...0.99999, "Decay of the moving average of the generator, which then makes the samples; 0: none.")
    static let tail = SentioKit.Parameter(
        "range_tail", default: GANRecipe.published.tail, in: 0...0.2,
        "Share of the training songs' values that is cut off at each end of the generator's range; 0: from their smallest to their largest."
    )
    static let samples = SentioKit.Parameter(
        "samples", default: GANRecipe.published.samples, in: 8...10_000, "Samples by which each epoch is watched.")
    static let sheetEvery = own("sheet_every", \.sheetEvery, in: 1...100_000, "Epochs from one sheet of samples to the next.")
    static let onCollapse = SentioKit.Parameter(
        "on_collapse", default: CollapseAction.stop,
        "What happens when samples are all alike: stop, the stage fails, and nothing is trained on them; or warn, and go on. A critic that has won is a warning either way, which stays with the result.",
        // Whether a result is acceptable is no part of what it is; keys say what they said when they held the default.
        isIdentity: false, inKey: "warn")
    static let collapseEpochs = SentioKit.Parameter(
        "collapse_epochs", default: GANRecipe.published.collapseEpochs, in: 1...1000, "Epochs in a row that make a collapse.")
    static let checkpointSeconds = SentioKit.Parameter(
        "checkpoint_seconds", default: 60.0, in: 0...86_400, "Time between checkpoints.", unit: "s", isIdentity: false)
    static let seed = SentioKit.Parameter<Int?>("seed", default: .some(nil), "Seed of weights, noise and crops; null: the run's.")

    static let all: [any ParameterDefinition] = [
        preset, frames, dim, noise, norm, conditioning, loss, penalty, smoothing, instanceNoise, epochs, batch, crops, generatorRate,
        criticRate, beta1, beta2, criticSteps, average, tail, samples, sheetEvery, onCollapse, collapseEpochs, checkpointSeconds, seed,
    ]

    private static func own<T: ParameterValue>(
        _ name: String, _ value: (GANRecipe) -> T, in range: ClosedRange<Double>? = nil, _ summary: String, unit: String? = nil
    ) -> SentioKit.Parameter<T?> {
        TrainingParameters.own(name, published: value(.published), compact: value(.compact), in: range, summary, unit: unit)
    }

    /// - throws: `ConfigurationErrors` for values that do not go together.
    static func recipe(_ configuration: Configuration) throws(ConfigurationErrors) -> GANRecipe {
        var recipe = configuration[preset] == .published ? GANRecipe.published : GANRecipe.compact
        func take<T>(_ parameter: SentioKit.Parameter<T?>, _ value: inout T) { if let given = configuration[parameter] { value = given } }
        take(frames, &recipe.frames)
        take(dim, &recipe.dim)
        take(noise, &recipe.noise)
        take(norm, &recipe.norm)
        take(conditioning, &recipe.conditioning)
        take(loss, &recipe.loss)
        recipe.penalty = configuration[penalty]
        take(smoothing, &recipe.smoothing)
        take(instanceNoise, &recipe.instanceNoise)
        take(epochs, &recipe.epochs)
        take(batch, &recipe.batch)
        take(crops, &recipe.crops)
        take(generatorRate, &recipe.generatorRate)
        take(criticRate, &recipe.criticRate)
        take(beta1, &recipe.beta1)
        take(beta2, &recipe.beta2)
        take(criticSteps, &recipe.criticSteps)
        take(average, &recipe.average)
        recipe.tail = configuration[tail]
        recipe.samples = configuration[samples]
        take(sheetEvery, &recipe.sheetEvery)
        recipe.onCollapse = configuration[onCollapse]
        recipe.collapseEpochs = configuration[collapseEpochs]
        recipe.checkpointSeconds = configuration[checkpointSeconds]
        recipe.seed = configuration[seed]
        try check(recipe)
        return recipe
    }

    private static func check(_ recipe: GANRecipe) throws(ConfigurationErrors) {
        if let problem = GANNetworks.generator(recipe, mels: 128, condition: 2).problem {
            throw ConfigurationErrors(recipe.dim % 4 == 0 ? "frames" : "dim", problem)
        }
        if recipe.loss == .wasserstein, recipe.norm == .batch {
            throw ConfigurationErrors(
                "norm",
                "the gradient penalty of `wgan-gp` is one sample's, and batch normalisation mixes samples. Set `norm: none` (or spectral).")
        }
        if recipe.loss != .bce, recipe.smoothing > 0 {
            throw ConfigurationErrors("smoothing", "only `loss: bce` has labels that can be smoothed.")
        }
    }
}
