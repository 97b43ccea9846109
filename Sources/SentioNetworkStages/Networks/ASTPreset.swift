import SentioKit
import SentioNN

/// A network and how it is trained.
struct ASTPreset {
    let network: AudioSpectrogramTransformer.Configuration
    let recipe: TrainingRecipe

    init(_ preset: NetworkPreset) {
        switch preset {
        case .published: self = .published
        case .compact: self = .compact
        }
    }

    private init(_ network: AudioSpectrogramTransformer.Configuration, _ recipe: TrainingRecipe) {
        self.network = network
        self.recipe = recipe
    }

    /// The Sentio study's front page and its last notebook: 128 x 2584, patches of 16, width 384, 6 heads, 6 blocks,
    /// head of 256; batch 16, AdamW 1e-4 with decay 0.05, cosine, 5 epochs. SpecAugment as written there (a bug kept it
    /// from running).
    static let published: ASTPreset = {
        var network = AudioSpectrogramTransformer.Configuration()
        network.headHidden = 256
        var recipe = TrainingRecipe()
        recipe.frames = network.frames
        (recipe.augmentation.melMasks, recipe.augmentation.melMaskWidth) = (2, 20)
        (recipe.augmentation.frameMasks, recipe.augmentation.frameMaskWidth) = (2, 40)
        return ASTPreset(network, recipe)
    }()

    /// A small network on crops of 6 s: a few hundred songs train in minutes on two cores. Its settings were chosen on
    /// validation songs of DEAM, Emotify and Grekow's set together (496 songs): mixup, dropout and decay keep the
    /// network from overfitting valence.
    static let compact: ASTPreset = {
        var network = AudioSpectrogramTransformer.Configuration()
        (network.width, network.heads, network.depth, network.hidden) = (96, 3, 3, 384)
        (network.pooling, network.dropout) = (.mean, 0.2)
        var recipe = TrainingRecipe()
        (recipe.frames, recipe.crops) = (256, 9)
        (recipe.epochs, recipe.learningRate, recipe.weightDecay) = (80, 1e-3, 0.1)
        (recipe.warmup, recipe.clip, recipe.average) = (2, 1, 0.995)
        (recipe.augmentation.melMasks, recipe.augmentation.melMaskWidth) = (1, 16)
        (recipe.augmentation.frameMasks, recipe.augmentation.frameMaskWidth) = (1, 32)
        (recipe.augmentation.mixing, recipe.augmentation.roll, recipe.augmentation.gain) = (.mixup, 100, 2)
        return ASTPreset(network, recipe)
    }()

    /// For `config.json`.
    static func value(_ network: AudioSpectrogramTransformer.Configuration) -> Value {
        [
            "mels": .int(network.mels), "frames": .int(network.frames), "patch": .int(network.patch),
            "stride": .int(network.stride),
            "dim": .int(network.width), "heads": .int(network.heads), "depth": .int(network.depth),
            "ffn": .int(network.hidden),
            "dropout": .double(Double(written: network.dropout)), "pooling": .string(network.pooling.rawValue),
            "head_hidden": .int(network.headHidden), "outputs": .int(network.outputs),
        ]
    }
}
