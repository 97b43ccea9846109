import SentioKit
import SentioNN

/// All settings of a GAN's training: those of a preset, or those given to a stage.
struct GANRecipe: Sendable {
    // Networks
    var frames = 2584
    var dim = 128
    var noise = 100
    var norm = CriticNorm.batch
    var conditioning = CriticConditioning.channels

    // Loss
    var loss = GANLoss(CrossEntropyLoss.self)
    var penalty = 10.0
    /// Weight of the squared norm of the score's gradient at real songs.
    var realPenalty = 0.0
    /// Weight of the error of the ratings that the critic predicts for songs and samples.
    var criticRegression = 0.0
    var smoothing = 0.0
    /// Standard deviation of the noise on all that the critic sees; decays to 0 over the epochs.
    var instanceNoise = 0.0

    // Optimizer
    /// Generator steps of the whole training; nil: `epochs` sets the length.
    var steps: Int?
    var epochs = 10
    var batch = 32
    /// Crops of each song per epoch.
    var crops = 1
    var generatorRate = 2e-4
    var criticRate = 2e-4
    var beta1 = 0.5
    var beta2 = 0.999
    var criticSteps = 1
    var average = 0.0

    // Augmentation of all that the critic sees
    /// Largest circular time shift, in frames.
    var augmentRoll = 0
    /// Largest gain, in dB, either way.
    var augmentGain = 0.0
    /// Masks in time, and as many in frequency.
    var augmentMasks = 0

    // Scaling
    var scaling = GANScaling.range
    /// Fraction of all values that may lie outside the generator's range, at each end.
    var tail = 0.001

    // Watching
    var samples = 128
    var sheetEvery = 1
    var onCollapse = CollapseAction.stop
    var collapseEpochs = 3
    var checkpointSeconds = 60.0
    var seed: Int?

    var adversarialLoss: any AdversarialLoss {
        loss.type.init(AdversarialLosses.Settings(smoothing: smoothing, penalty: penalty))
    }

    /// The study's front page: 128 x 2584, batch normalisation, cross-entropy, Adam 2e-4 (0.5, 0.999), batch 32, 10
    /// epochs. It collapses, as the study's did.
    static let study = GANRecipe()

    /// Crops of 3 s, a Wasserstein loss with gradient penalty and projection, three critic steps at the generator's
    /// rate, Adam without a first moment, and an average of the generator: 466 generator steps on 112 songs, a minute
    /// and a half on two cores. On the demo songs it did not collapse with three seeds of three, and two of two fresh
    /// ones. A small noise vector keeps the ratings beside it influential.
    static let compact: GANRecipe = {
        var recipe = GANRecipe()
        (recipe.frames, recipe.dim, recipe.noise, recipe.norm, recipe.conditioning) = (
            128, 32, 16, .none, .projection
        )
        recipe.loss = GANLoss(WassersteinLoss.self)
        (recipe.epochs, recipe.batch, recipe.criticSteps) = (100, 8, 3)
        (recipe.beta1, recipe.beta2) = (0, 0.9)
        (recipe.generatorRate, recipe.criticRate, recipe.average) = (1e-3, 1e-3, 0.99)
        recipe.sheetEvery = 5
        return recipe
    }()

    /// Number of epochs started, given the critic steps in each; the last may end early.
    func epochs(stepsPerEpoch: Int) -> Int {
        guard let steps else { return epochs }
        let perEpoch = max(1, stepsPerEpoch)
        return max(1, (steps * criticSteps + perEpoch - 1) / perEpoch)
    }
}

/// The source of a GAN's settings. `published` is the earlier name of `study`.
enum GANPreset: String, ParameterChoice {
    case study, compact, published

    var recipe: GANRecipe { self == .compact ? .compact : .study }
}

/// How decibels map to the generator's -1...1.
enum GANScaling: String, ParameterChoice { case range, bands }

/// The loss of both networks of a GAN: one of those that SentioNN lists.
struct GANLoss: ParameterChoice {
    static let allCases: [GANLoss] = AdversarialLosses.all.map { GANLoss($0) }
    let type: any AdversarialLoss.Type

    init(_ type: any AdversarialLoss.Type) { self.type = type }

    init?(rawValue: String) {
        guard let type = AdversarialLosses.all.first(where: { $0.name == rawValue }) else { return nil }
        self.type = type
    }

    var rawValue: String { type.name }
}

/// The normalization of a critic's layers.
enum CriticNorm: String, ParameterChoice {
    case batch, spectral, none
    var layers: Discriminator.Norm {
        switch self {
        case .batch: .batch
        case .spectral: .spectral
        case .none: .none
        }
    }
}

/// How a critic receives ratings.
enum CriticConditioning: String, ParameterChoice {
    case channels, projection
    var layers: Discriminator.Conditioning { self == .channels ? .channels : .projection }
}

/// What to do when a generator has collapsed.
enum CollapseAction: String, ParameterChoice { case warn, stop }
