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
    var smoothing = 0.0
    /// Deviation of the noise on all that the critic sees; falls to 0 over the epochs.
    var instanceNoise = 0.0

    // Optimizer
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

    // Scaling
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
    /// epochs.
    static let published = GANRecipe()

    /// Crops of 3 s, a hinge loss with spectral norm and projection, two critic steps at twice the rate, and an average
    /// of the generator: some hundred songs in minutes on two cores. Few random numbers, so that the ratings beside
    /// them are heard.
    static let compact: GANRecipe = {
        var recipe = GANRecipe()
        (recipe.frames, recipe.dim, recipe.noise, recipe.norm, recipe.conditioning) = (
            128, 32, 16, .spectral, .projection
        )
        (recipe.loss, recipe.instanceNoise) = (GANLoss(HingeLoss.self), 0.05)
        (recipe.epochs, recipe.batch, recipe.criticSteps) = (40, 16, 2)
        (recipe.generatorRate, recipe.criticRate, recipe.average) = (5e-4, 1e-3, 0.99)
        recipe.sheetEvery = 5
        return recipe
    }()
}

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
