import SentioKit
import SentioNN

/// The parameters of `gan-train`. Those whose default depends on the preset are null unless given.
enum GANParameters {
    static let preset = Parameter(
        "preset", default: GANPreset.published,
        "Source of the defaults: compact, a small GAN on crops that trains in minutes and does not collapse on the "
            + "demo songs; study (or published, its earlier name), the Sentio study's settings, which collapse, as the "
            + "study's own GAN did.",
        source: "Sentio study",
        // `compact` used to mean other settings, whose cached results must not be reused for these.
        wordsInKey: ["study": "published", "compact": "compact 2"])
    private static let value = SettingDefaults(
        GANRecipe.study, presets: [("study", GANRecipe.study), ("compact", .compact)])
    private static let settings: [Setting<GANRecipe>] = [
        value.own(
            "frames", \.frames, in: 16...1_000_000,
            "Length of the generated spectrograms and of the training crops; a multiple of 8.",
            unit: "frames"),
        value.own(
            "dim", \.dim, in: 4...4096,
            "Feature maps at the generator's smallest resolution and in the critic's third layer; a multiple of 4."),
        value.own(
            "noise", \.noise, in: 1...10_000,
            "Size of the noise vector that the generator receives along with the ratings."),
        value.own(
            "norm", \.norm,
            "Normalization in the critic: batch (batch normalization), spectral (spectral normalization), or none."),
        value.own(
            "conditioning", \.conditioning,
            "How the critic receives the ratings: channels, as extra input channels; or projection (Miyato and Koyama "
                + "2018)."
        ),
        value.own(
            "loss", \.loss,
            "Adversarial loss: bce (cross-entropy), hinge, or wgan-gp (Wasserstein with gradient penalty)."),
        value.fixed(
            "penalty", \.penalty, in: 0...1e6, "For `wgan-gp`: weight of the gradient penalty.",
            source: "Gulrajani et al. 2017"),
        value.fixed(
            "r1", \.realPenalty, in: 0...1e6,
            "Weight of the R1 penalty, the mean squared norm of the gradient of the critic's score at real songs; 0: "
                + "none. Equals half of the source's gamma.",
            source: "Mescheder et al. 2018", keepsDefaultInKey: false),
        value.fixed(
            "critic_regression", \.criticRegression, in: 0...1e6,
            "Weight of an auxiliary task: the critic also predicts the ratings of real songs, and the generator learns "
                + "to make samples for which it predicts the requested ratings; 0: none. Needs `conditioning: "
                + "projection`.",
            source: "Odena et al. 2017", keepsDefaultInKey: false),
        value.own(
            "smoothing", \.smoothing, in: 0...0.49,
            "For `bce`: one-sided label smoothing, subtracted from the label of real songs (Salimans et al. 2016)."),
        value.own(
            "instance_noise", \.instanceNoise, in: 0...10,
            "Standard deviation of the noise added to all that the critic sees, on the scale -1...1; decays to 0 over "
                + "the epochs."),
        value.fixed(
            "steps", \.steps, in: 1...100_000_000,
            "Length of the training in generator steps of `critic_steps` batches each; the last epoch ends early if it "
                + "must. null: `epochs` sets the length.",
            keepsDefaultInKey: false),
        value.own(
            "epochs", \.epochs, in: 1...100_000, "Number of training epochs, unless `steps` is given."),
        value.own("batch", \.batch, in: 2...65_536, "Batch size: samples per step."),
        value.own("crops", \.crops, in: 1...10_000, "Crops of each song per epoch."),
        value.own("generator_rate", \.generatorRate, in: 1e-9...10, "Learning rate of the generator's Adam."),
        value.own(
            "critic_rate", \.criticRate, in: 1e-9...10,
            "Learning rate of the critic's Adam (two rates: Heusel et al. 2017)."),
        value.own("beta1", \.beta1, in: 0...0.9999, "Adam's decay rate of the first moment (wgan-gp usually uses 0)."),
        value.own("beta2", \.beta2, in: 0...0.99999, "Adam's decay rate of the second moment."),
        value.own(
            "critic_steps", \.criticSteps, in: 1...100,
            "Critic steps per generator step (wgan-gp usually uses 5)."),
        value.own(
            "ema", \.average, in: 0...0.99999,
            "Decay of the exponential moving average of the generator's weights, which then makes the samples; 0: no "
                + "averaging."),
        value.fixed(
            "augment_roll", \.augmentRoll, in: 0...1_000_000,
            "Random circular time shift of all that the critic sees, real and synthetic alike, at most this many "
                + "frames; 0: none.",
            unit: "frames", source: "Zhao et al. 2020", keepsDefaultInKey: false),
        value.fixed(
            "augment_gain", \.augmentGain, in: 0...60,
            "Random gain on all that the critic sees, real and synthetic alike, at most this many dB either way; 0: "
                + "none. A critic that cannot hear loudness cannot teach it to the generator.",
            unit: "dB", source: "Zhao et al. 2020", keepsDefaultInKey: false),
        value.fixed(
            "augment_masks", \.augmentMasks, in: 0...100,
            "Random masks on all that the critic sees: this many in time and this many in frequency, each at most an "
                + "eighth of the crop; 0: none.",
            source: "Zhao et al. 2020", keepsDefaultInKey: false),
        value.fixed(
            "scaling", \.scaling,
            "How decibels map to the generator's -1...1: range, one range for all bands (see `range_tail`); bands, "
                + "three standard deviations either side of each band's mean over the training songs.",
            keepsDefaultInKey: false),
        value.fixed(
            "range_tail", \.tail, in: 0...0.2,
            "For `scaling: range`: fraction of the training songs' values clipped at each end of the generator's "
                + "range; 0: from the smallest value to the largest."
        ),
        value.fixed(
            "samples", \.samples, in: 8...10_000,
            "Samples generated after each epoch to monitor the training."),
        value.own("sheet_every", \.sheetEvery, in: 1...100_000, "Number of epochs between sheets of samples."),
        value.fixed(
            "on_collapse", \.onCollapse,
            "What to do when the samples are all alike or nothing like songs: stop, fail the stage so that nothing is "
                + "trained on them; or warn, and continue. A critic that has won is a warning either way, which is "
                + "stored with the result.",
            // Whether a result is acceptable does not change the result, so this is not part of its identity; keys keep
            // the default from when it was.
            isIdentity: false, inKey: "warn"),
        value.fixed(
            "collapse_epochs", \.collapseEpochs, in: 1...1000,
            "Consecutive epochs with the same problem that count as a collapse."),
        value.fixed(
            "checkpoint_seconds", \.checkpointSeconds, in: 0...86_400, "Time between checkpoints.", unit: "s",
            isIdentity: false),
        value.fixed("seed", \.seed, "Seed of the initial weights, noise and crops; null: the run's."),
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
                "the gradient penalty of `\(recipe.loss.rawValue)` is computed per sample, but batch normalization "
                    + "mixes samples. Set `norm: none` (or spectral)."
            )
        }
        if recipe.realPenalty > 0, recipe.norm == .batch {
            throw ConfigurationErrors(
                "norm",
                "the R1 penalty (`r1`) is computed per sample, but batch normalization mixes samples. Set `norm: none` "
                    + "(or spectral)."
            )
        }
        if recipe.criticRegression > 0, recipe.conditioning == .channels {
            throw ConfigurationErrors(
                "critic_regression",
                "with `conditioning: channels` the critic would read the ratings from its own input. Set "
                    + "`conditioning: projection`."
            )
        }
        if !recipe.loss.type.hasLabels, recipe.smoothing > 0 {
            throw ConfigurationErrors(
                "smoothing", "`loss: \(recipe.loss.rawValue)` has no labels to smooth; set `smoothing: 0`."
            )
        }
    }
}
