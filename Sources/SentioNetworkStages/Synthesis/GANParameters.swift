import SentioKit
import SentioNN

/// The parameters of `gan-train`. Those with a value of their own in each preset are null unless they are given.
enum GANParameters {
    static let preset = Parameter(
        "preset", default: GANPreset.published,
        "Where the defaults come from: compact, a small GAN on crops that trains in minutes and lives on the demo "
            + "songs; study (or published, its earlier name), the Sentio study's settings, which collapse, as the "
            + "study's did.",
        source: "Sentio study",
        // `compact` has meant other settings, whose results must not answer for these.
        wordsInKey: ["study": "published", "compact": "compact 2"])
    private static let value = SettingDefaults(
        GANRecipe.study, presets: [("study", GANRecipe.study), ("compact", .compact)])
    private static let settings: [Setting<GANRecipe>] = [
        value.own(
            "frames", \.frames, in: 16...1_000_000,
            "Length of what is made, and of the crops it learns from: a multiple of 8.",
            unit: "frames"),
        value.own(
            "dim", \.dim, in: 4...4096,
            "Maps of the generator's smallest size and of the critic's third layer: a multiple of 4."),
        value.own("noise", \.noise, in: 1...10_000, "Random numbers that each sample is made of, beside its ratings."),
        value.own("norm", \.norm, "What keeps the critic in bounds: batch (normalisation), spectral (norm), none."),
        value.own(
            "conditioning", \.conditioning,
            "How ratings come into the critic: channels beside the spectrogram, or a projection (Miyato and Koyama "
                + "2018)."
        ),
        value.own("loss", \.loss, "bce (cross-entropy), hinge, or wgan-gp (Wasserstein with gradient penalty)."),
        value.fixed(
            "penalty", \.penalty, in: 0...1e6, "For `wgan-gp`: weight of the gradient penalty.",
            source: "Gulrajani et al. 2017"),
        value.fixed(
            "r1", \.realPenalty, in: 0...1e6,
            "Weight of the R1 penalty: the mean squared norm of the gradient of the critic's score at real songs; 0: "
                + "none. Half of the gamma of the source.",
            source: "Mescheder et al. 2018", keepsDefaultInKey: false),
        value.fixed(
            "critic_regression", \.criticRegression, in: 0...1e6,
            "Weight of a second task: the critic also reads the ratings off real songs, and the generator learns to "
                + "make samples of which it reads the requested ones; 0: none. Needs `conditioning: projection`.",
            source: "Odena et al. 2017", keepsDefaultInKey: false),
        value.own(
            "smoothing", \.smoothing, in: 0...0.49,
            "For `bce`: taken from the label of real songs (Salimans et al. 2016)."),
        value.own(
            "instance_noise", \.instanceNoise, in: 0...10,
            "Deviation of noise on all the critic sees, on the scale -1...1; falls to 0 over the epochs."),
        value.fixed(
            "steps", \.steps, in: 1...100_000_000,
            "Length of the training in generator steps, `critic_steps` batches each; the last epoch is cut where they "
                + "end. Null: `epochs`.",
            keepsDefaultInKey: false),
        value.own(
            "epochs", \.epochs, in: 1...100_000, "How often each training song is seen, unless `steps` is given."),
        value.own("batch", \.batch, in: 2...65_536, "Songs of one step."),
        value.own("crops", \.crops, in: 1...10_000, "Crops of each song in an epoch."),
        value.own("generator_rate", \.generatorRate, in: 1e-9...10, "Learning rate of the generator's Adam."),
        value.own(
            "critic_rate", \.criticRate, in: 1e-9...10,
            "Learning rate of the critic's Adam (two rates: Heusel et al. 2017)."),
        value.own("beta1", \.beta1, in: 0...0.9999, "Adam's decay of the first moment (wgan-gp usually takes 0)."),
        value.own("beta2", \.beta2, in: 0...0.99999, "Adam's decay of the second moment."),
        value.own(
            "critic_steps", \.criticSteps, in: 1...100,
            "Critic steps for each of the generator's (wgan-gp usually takes 5)."),
        value.own(
            "ema", \.average, in: 0...0.99999,
            "Decay of the moving average of the generator, which then makes the samples; 0: none."),
        value.fixed(
            "augment_roll", \.augmentRoll, in: 0...1_000_000,
            "Random circular time shift of all that the critic sees, real and synthetic alike, at most this many "
                + "frames; 0: none.",
            unit: "frames", source: "Zhao et al. 2020", keepsDefaultInKey: false),
        value.fixed(
            "augment_gain", \.augmentGain, in: 0...60,
            "Random change of loudness of all that the critic sees, at most this much either way; 0: none. A critic "
                + "that is not to hear loudness cannot teach it.",
            unit: "dB", source: "Zhao et al. 2020", keepsDefaultInKey: false),
        value.fixed(
            "augment_masks", \.augmentMasks, in: 0...100,
            "So many masks in time and so many in frequency on all that the critic sees, each at most an eighth of "
                + "the crop; 0: none.",
            source: "Zhao et al. 2020", keepsDefaultInKey: false),
        value.fixed(
            "scaling", \.scaling,
            "How decibels become the generator's -1...1: range, one for all bands (see `range_tail`); bands, three "
                + "deviations either side of each band's mean over the training songs.",
            keepsDefaultInKey: false),
        value.fixed(
            "range_tail", \.tail, in: 0...0.2,
            "For `scaling: range`: share of the training songs' values that is cut off at each end of the "
                + "generator's range; 0: from their smallest to their largest."
        ),
        value.fixed("samples", \.samples, in: 8...10_000, "Samples by which each epoch is watched."),
        value.own("sheet_every", \.sheetEvery, in: 1...100_000, "Epochs from one sheet of samples to the next."),
        value.fixed(
            "on_collapse", \.onCollapse,
            "What happens when samples are all alike, or nothing like songs: stop, the stage fails, and nothing is "
                + "trained on them; or warn, and go on. A critic that has won is a warning either way, which stays "
                + "with the result.",
            // Whether a result is acceptable is no part of what it is; keys say what they said when they held the
            // default.
            isIdentity: false, inKey: "warn"),
        value.fixed("collapse_epochs", \.collapseEpochs, in: 1...1000, "Epochs in a row that make a collapse."),
        value.fixed(
            "checkpoint_seconds", \.checkpointSeconds, in: 0...86_400, "Time between checkpoints.", unit: "s",
            isIdentity: false),
        value.fixed("seed", \.seed, "Seed of weights, noise and crops; null: the run's."),
    ]

    static let all: [any ParameterDefinition] = [preset] + settings.map(\.parameter)

    /// - throws: `ConfigurationErrors` for values that do not go together.
    static func recipe(_ configuration: Configuration) throws(ConfigurationErrors) -> GANRecipe {
        var recipe = configuration[preset].recipe
        for setting in settings { setting.apply(configuration, to: &recipe) }
        try check(recipe)
        return recipe
    }

    private static func check(_ recipe: GANRecipe) throws(ConfigurationErrors) {
        if let problem = GANNetworks.generator(recipe, mels: 128, condition: 2).problem {
            throw ConfigurationErrors(recipe.dim % 4 == 0 ? "frames" : "dim", problem)
        }
        if recipe.adversarialLoss.gradientPenalty != nil, recipe.norm == .batch {
            throw ConfigurationErrors(
                "norm",
                "the gradient penalty of `\(recipe.loss.rawValue)` is one sample's, and batch normalisation mixes "
                    + "samples. Set `norm: "
                    + "none` (or spectral)."
            )
        }
        if recipe.realPenalty > 0, recipe.norm == .batch {
            throw ConfigurationErrors(
                "norm",
                "the R1 penalty (`r1`) is one sample's, and batch normalisation mixes samples. Set `norm: none` (or "
                    + "spectral)."
            )
        }
        if recipe.criticRegression > 0, recipe.conditioning == .channels {
            throw ConfigurationErrors(
                "critic_regression",
                "with `conditioning: channels` the critic would read the ratings off its own input. Set "
                    + "`conditioning: projection`."
            )
        }
        if !recipe.loss.type.hasLabels, recipe.smoothing > 0 {
            throw ConfigurationErrors(
                "smoothing", "`loss: \(recipe.loss.rawValue)` has no labels that could be smoothed; set `smoothing: 0`."
            )
        }
    }
}
