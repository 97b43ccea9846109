import SentioKit
import SentioNN

/// A network and how it is trained.
struct CRNNPreset {
    let network: CRNN.Configuration
    let recipe: TrainingRecipe

    init(_ preset: NetworkPreset) {
        switch preset {
        case .published: self = .published
        case .compact: self = .compact
        }
    }

    private init(_ network: CRNN.Configuration, _ recipe: TrainingRecipe) {
        self.network = network
        self.recipe = recipe
    }

    /// Sentio's benchmark network for 128 x 2584, trained like the study's own CRNN: Adam at 1e-3, no decay, gradients
    /// clipped at 1, batches of 16, 50 epochs.
    static let published: CRNNPreset = {
        var recipe = TrainingRecipe()
        recipe.frames = 2584
        (recipe.epochs, recipe.learningRate, recipe.weightDecay, recipe.schedule, recipe.clip) = (
            50, 1e-3, 0, ScheduleChoice(ConstantSchedule.self), 1
        )
        return CRNNPreset(CRNN.Configuration(), recipe)
    }()

    /// A small network on crops of 12 s.
    static let compact: CRNNPreset = {
        var network = CRNN.Configuration()
        network.blocks = [16, 32, 64].enumerated().map {
            CRNN.Block(channels: $1, pool: $0 == 0 ? Extent(2, 4) : Extent(4, 4), dropout: 0.2)
        }
        network.widths = [64]
        network.head = [CRNN.Hidden(width: 32)]
        var recipe = TrainingRecipe()
        recipe.frames = 512
        (recipe.epochs, recipe.learningRate, recipe.weightDecay, recipe.warmup, recipe.clip) = (40, 2e-3, 0.01, 2, 1)
        (recipe.average, recipe.loss) = (0.99, LossChoice(BlendedLoss.self))
        (recipe.augmentation.melMasks, recipe.augmentation.melMaskWidth) = (1, 16)
        (recipe.augmentation.frameMasks, recipe.augmentation.frameMaskWidth) = (1, 32)
        return CRNNPreset(network, recipe)
    }()

    /// For `config.json`.
    static func value(_ network: CRNN.Configuration) -> Value {
        [
            "form": .string(network.form.rawValue), "mels": .int(network.height), "frames": .int(network.frames),
            "channels": .list(network.blocks.map { .int($0.channels) }),
            "pool": .list(network.blocks.map { [.int($0.pool.height), .int($0.pool.width)] }),
            "conv_dropout": .list(network.blocks.map { .double(Double(written: $0.dropout)) }),
            "cell": .string(network.cell.rawValue),
            "widths": .list(network.widths.map { .int($0) }), "bidirectional": .bool(network.isBidirectional),
            "recurrent_dropout": .double(Double(written: network.recurrentDropout)),
            "state_dropout": .double(Double(written: network.stateDropout)),
            "pooling": .string(network.pooling.rawValue),
            "head": .list(network.head.map { .int($0.width) }),
            "head_dropout": .list(network.head.map { .double(Double(written: $0.dropout)) }),
            "head_l2": .double(network.headPenalty), "outputs": .int(network.outputs),
        ]
    }

    /// The inverse of `value`.
    /// - throws: `ModelFault` naming what is missing or out of range.
    static func network(_ config: ModelConfig) throws -> CRNN.Configuration {
        var network = CRNN.Configuration()
        network.form = try config.choice("form")
        network.height = try config.int("mels", in: ModelConfig.bands)
        network.frames = try config.int("frames", in: ModelConfig.frames)
        let channels = try config.ints("channels", in: 1...4096), dropout = try config.rates("conv_dropout")
        let pools = try config.extents("pool", in: 1...1024)
        for (name, count) in [("pool", pools.count), ("conv_dropout", dropout.count)] where count != channels.count {
            throw config.fault(name, needs: "a list of \(channels.count), one for each of `channels`")
        }
        network.blocks = channels.indices.map {
            CRNN.Block(channels: channels[$0], pool: pools[$0], dropout: dropout[$0])
        }
        network.cell = try config.choice("cell")
        network.widths = try config.ints("widths", in: 1...4096)
        network.isBidirectional = try config.flag("bidirectional")
        network.recurrentDropout = try config.rate("recurrent_dropout")
        network.stateDropout = try config.rate("state_dropout")
        network.pooling = try config.choice("pooling")
        let head = try config.ints("head", in: 1...65_536), headDropout = try config.rates("head_dropout")
        guard head.count == headDropout.count else {
            throw config.fault("head_dropout", needs: "a list of \(head.count), one for each of `head`")
        }
        network.head = zip(head, headDropout).map { CRNN.Hidden(width: $0, dropout: $1) }
        network.headPenalty = try config.number("head_l2", in: 0...1e300)
        network.outputs = try config.int("outputs", in: ModelConfig.outputs)
        if let problem = network.problem {
            throw ModelFault("its config.json describes no network: \(problem.dropLast())")
        }
        return network
    }
}

extension CRNN.Configuration {
    /// The network as trained and as applied. Spectrograms are [bands, frames]; the one-dimensional form reads
    /// [frames, bands].
    var regressor: RegressionTrainer.Network {
        let isFlat = form == .featureFrames
        return RegressionTrainer.Network(CRNN(self)) { $0(isFlat ? $1.permuted(0, 2, 1) : $1) }
    }
}
