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

    /// The inverse of `value`. Patchout, which only training knows, is off.
    /// - throws: `ModelFault` naming what is missing or out of range.
    static func network(_ config: ModelConfig) throws -> AudioSpectrogramTransformer.Configuration {
        var network = AudioSpectrogramTransformer.Configuration()
        network.mels = try config.int("mels", in: ModelConfig.bands)
        network.frames = try config.int("frames", in: ModelConfig.frames)
        network.patch = try config.int("patch", in: 1...min(1024, network.mels, network.frames))
        network.stride = try config.int("stride", in: 1...network.patch)
        network.width = try config.int("dim", in: 1...8192)
        network.heads = try config.int("heads", in: 1...128)
        network.depth = try config.int("depth", in: 1...100)
        network.hidden = try config.int("ffn", in: 1...65_536)
        network.dropout = try config.rate("dropout")
        network.pooling = try config.choice("pooling")
        network.headHidden = try config.int("head_hidden", in: 0...65_536)
        network.outputs = try config.int("outputs", in: ModelConfig.outputs)
        guard network.width % network.heads == 0 else {
            throw config.fault("heads", needs: "a divisor of `dim`, \(network.width)")
        }
        return network
    }
}

extension AudioSpectrogramTransformer.Configuration {
    /// The network as trained and as applied; patchout applies in training alone.
    var regressor: RegressionTrainer.Network {
        RegressionTrainer.Network(AudioSpectrogramTransformer(self), training: { $0($1, isTraining: true) }) { $0($1) }
    }
}
