/// The generator of a conditional GAN, from noise and ratings to a spectrogram in -1...1: the Sentio study's.
///
/// A linear layer makes `dim` small maps of an eighth of mels and frames; three transposed convolutions (kernel 4,
/// stride 2, padding 1) double them, dim -> dim / 2 -> dim / 4 -> 1, the first two with batch normalisation and ReLU,
/// the last with tanh (Radford et al. 2016).
public struct Generator: Layer {
    public struct Configuration: Sendable, Hashable {
        public var noise = 100
        /// Numbers of the condition: valence and arousal.
        public var condition = 2
        public var mels = 128
        public var frames = 2584
        /// Maps of the smallest size.
        public var dim = 128

        public init() {}

        /// What is wrong with it, in a sentence; nil where it can be made.
        public var problem: String? {
            for (name, length) in [("mels", mels), ("frames", frames)] where length < 16 || length % 8 != 0 {
                let low = max(16, length / 8 * 8)
                return
                    "A generator that doubles three times makes spectrograms whose \(name) are a multiple of 8 and at "
                    + "least 16, not \(length); "
                    + "\(low == 16 && length < 16 ? "16 works" : "\(low) and \(low + 8) work")."
            }
            return dim < 4 || dim % 4 != 0
                ? "The number of maps is halved twice, so it is a multiple of 4, not \(dim)." : nil
        }
    }

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
