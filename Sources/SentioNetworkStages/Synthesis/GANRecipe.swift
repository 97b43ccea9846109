import SentioKit
import SentioNN

/// Everything about the training of a GAN: a preset's values, or those that a stage was given.
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
    /// Weight of the error of the ratings that the critic reads off songs and samples.
    var criticRegression = 0.0
    var smoothing = 0.0
    /// Deviation of the noise on all that the critic sees; falls to 0 over the epochs.
    var instanceNoise = 0.0

    // Optimizer
    /// Generator steps of the whole training; nil: `epochs` says how long it is.
    var steps: Int?
    var epochs = 10
    var batch = 32
    /// Crops of each song in an epoch.
    var crops = 1
    var generatorRate = 2e-4
    var criticRate = 2e-4
    var beta1 = 0.5
    var beta2 = 0.999
    var criticSteps = 1
    var average = 0.0

    // Augmentation of all that the critic sees
    /// Frames of the largest circular shift.
    var augmentRoll = 0
    /// The largest change of loudness, dB.
    var augmentGain = 0.0
    /// Masks in time, and as many in frequency.
    var augmentMasks = 0

    // Scaling
    var scaling = GANScaling.range
    /// Share of all values that may lie outside the generator's range, at each end.
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
    /// and a half on two cores. On the demo songs it lived with three seeds of three, and two of two fresh ones. Few
    /// random numbers, so that the ratings beside them are heard.
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

    /// Epochs that start, for so many critic steps in each; the last may be cut.
    func epochs(stepsPerEpoch: Int) -> Int {
        guard let steps else { return epochs }
        let perEpoch = max(1, stepsPerEpoch)
        return max(1, (steps * criticSteps + perEpoch - 1) / perEpoch)
    }
}

/// Where a GAN's settings come from. `published` is the earlier name of `study`.
enum GANPreset: String, ParameterChoice {
    case study, compact, published

    var recipe: GANRecipe { self == .compact ? .compact : .study }
}

/// How decibels become the generator's -1...1.
enum GANScaling: String, ParameterChoice { case range, bands }

/// What both sides of a GAN are trained on: one of the losses that SentioNN lists.
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

/// What keeps a critic's layers in bounds.
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

/// How ratings come into a critic.
enum CriticConditioning: String, ParameterChoice {
    case channels, projection
    var layers: Discriminator.Conditioning { self == .channels ? .channels : .projection }
}

/// What happens when a generator has collapsed.
enum CollapseAction: String, ParameterChoice { case warn, stop }
