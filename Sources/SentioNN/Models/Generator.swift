/// The generator of a conditional GAN, from noise and ratings to a spectrogram in -1...1: the Sentio study's network.
///
/// A linear layer makes `dim` feature maps with an eighth of the mels and frames. Three transposed convolutions (kernel
/// 4, stride 2, padding 1) each double their size, with dim / 2, dim / 4 and 1 output channels: the first two with
/// batch normalization and ReLU, the last with tanh (Radford et al. 2016).
public struct Generator: Layer {
    /// Sizes; the defaults are the Sentio study's.
    public struct Configuration: Sendable, Hashable {
        /// Random numbers per sample.
        public var noise = 100
        /// Ratings per sample: valence and arousal.
        public var condition = 2
        /// Mel bands of the spectrograms, a multiple of 8.
        public var mels = 128
        /// Frames of the spectrograms, a multiple of 8.
        public var frames = 2584
        /// Feature maps at the smallest size, a multiple of 4.
        public var dim = 128

        /// The Sentio study's generator.
        public init() {}

        /// What is wrong with the configuration, as a sentence; nil if it is valid.
        public var problem: String? {
            for (name, length) in [("mels", mels), ("frames", frames)] where length < 16 || length % 8 != 0 {
                let low = max(16, length / 8 * 8)
                return
                    "The generator doubles its size three times, so \(name) must be a multiple of 8 and at least 16, "
                    + "not \(length); "
                    + "\(low == 16 && length < 16 ? "16 works" : "\(low) and \(low + 8) work")."
            }
            return dim < 4 || dim % 4 != 0
                ? "The number of feature maps is halved twice, so it must be a multiple of 4, not \(dim)." : nil
        }
    }

    /// The sizes that it was made with.
    public let configuration: Configuration
    private let first: Linear
    private let doublings: [ConvTranspose2d]
    private let norms: [BatchNorm]

    /// - Precondition: the configuration has no problem.
    public init(_ configuration: Configuration) {
        precondition(configuration.problem == nil, configuration.problem ?? "")
        self.configuration = configuration
        let dim = configuration.dim
        first = Linear(
            configuration.noise + configuration.condition, dim * configuration.mels / 8 * (configuration.frames / 8))
        let channels = [dim, dim / 2, dim / 4, 1]
        doublings = zip(channels, channels.dropFirst()).map {
            ConvTranspose2d($0, $1, kernel: Extent(4), stride: Extent(2), padding: Extent(1))
        }
        norms = [BatchNorm(dim / 2), BatchNorm(dim / 4)]
    }

    /// Names as in `Sequential(ConvTranspose2d, BatchNorm2d, ReLU, …, ConvTranspose2d, Tanh)` called `up`, after `fc`.
    public var parameters: [(name: String, parameter: Weight)] {
        var list = first.parameters(under: "fc")
        for (number, layer) in doublings.enumerated() {
            list += layer.parameters(under: "up.\(3 * number)")
            if number < norms.count { list += norms[number].parameters(under: "up.\(3 * number + 1)") }
        }
        return list
    }

    /// Noise and ratings side by side, [N, noise + condition], to spectrograms [N, 1, mels, frames].
    public func callAsFunction(_ latent: Tensor) -> Tensor {
        let samples = latent.shape[0], c = configuration, (height, width) = (c.mels / 8, c.frames / 8)
        let block = Convolution.block, isGrouped = c.dim / 4 % block == 0
        var x = first(latent)
        if isGrouped {
            x = x.reshaped([samples, c.dim / block, block, height, width]).permuted(0, 1, 3, 4, 2)
        } else {
            x = x.reshaped([samples, c.dim, height, width])
        }
        for (layer, norm) in zip(doublings, norms) {
            x = norm.activated(isGrouped ? layer.inGroups(x) : layer(x), slope: 0)
        }
        return tanh(doublings[2](x))
    }
}
