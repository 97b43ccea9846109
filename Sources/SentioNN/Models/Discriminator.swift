/// The discriminator (critic) of a conditional GAN: it scores how real a spectrogram looks given its ratings.
///
/// The Sentio study's network: four convolutions (kernel 4, stride 2, padding 1) with dim / 4, dim / 2, dim and 1
/// output channels, batch normalization after all but the first if asked for, and LeakyReLU 0.2; then a linear layer.
/// In the study the ratings are two more channels of the input.
public struct Discriminator: Layer {
    /// How the layers are normalized.
    public enum Norm: String, Sendable, Hashable, CaseIterable {
        /// Batch normalization of activations.
        case batch
        /// Spectral normalization of weights (Miyato et al. 2018).
        case spectral
        /// Not at all.
        case none
    }

    /// How the ratings enter.
    public enum Conditioning: String, Sendable, Hashable, CaseIterable {
        /// As channels beside the spectrogram.
        case channels
        /// As a product with the means of the last feature maps (Miyato and Koyama 2018, who take sums).
        case projection
    }

    /// Sizes; the defaults are the Sentio study's.
    public struct Configuration: Sendable, Hashable {
        /// Ratings per spectrogram: valence and arousal.
        public var condition = 2
        /// Mel bands of the spectrograms.
        public var mels = 128
        /// Frames of the spectrograms.
        public var frames = 2584
        /// Output channels of the third convolution, a multiple of 4.
        public var dim = 128
        /// How the layers are normalized.
        public var norm = Norm.batch
        /// How the ratings enter.
        public var conditioning = Conditioning.channels
        /// Whether a second head reads ratings off the spectrogram, as an auxiliary classifier does (Odena et al.
        /// 2017). Requires `projection`: as channels the ratings would be read off the input.
        public var regresses = false

        /// The Sentio study's critic.
        public init() {}
    }

    static let slope: Float = 0.2
    private static let (kernel, step, padding) = (Extent(4), Extent(2), Extent(1))

    /// The sizes that it was made with.
    public let configuration: Configuration
    private let convolutions: [Conv2d]
    private let norms: [BatchNorm]
    private let last: Linear
    private let projection: Linear?
    /// From the means of the third convolution's maps to ratings; never normalized.
    private let regression: Linear?
    /// Of convolutions, last layer and projection, in this order.
    private let spectral: [SpectralNorm]

    /// - Precondition: mels and frames are at least 16, dim is a multiple of 4, and `regresses` goes with `projection`.
    public init(_ configuration: Configuration) {
        precondition(
            configuration.mels >= 16 && configuration.frames >= 16 && configuration.dim % 4 == 0
                && configuration.dim > 0,
            "A critic needs mels and frames of at least 16 and a dim that is a multiple of 4, not \(configuration).")
        precondition(
            !configuration.regresses || configuration.conditioning == .projection,
            "A critic that regresses ratings must not see them as channels.")
        self.configuration = configuration
        let dim = configuration.dim, inputs = configuration.conditioning == .channels ? 1 + configuration.condition : 1
        let channels = [inputs, dim / 4, dim / 2, dim, 1]
        convolutions = zip(channels, channels.dropFirst()).map {
            Conv2d($0, $1, kernel: Self.kernel, stride: Self.step, padding: Self.padding)
        }
        norms = configuration.norm == .batch ? channels.dropFirst(2).map { BatchNorm($0) } : []
        last = Linear(configuration.mels / 16 * (configuration.frames / 16), 1)
        projection = configuration.conditioning == .projection ? Linear(configuration.condition, dim, bias: false) : nil
        regression = configuration.regresses ? Linear(dim, configuration.condition) : nil
        let weights = convolutions.map(\.weight) + [last.weight] + (projection.map { [$0.weight] } ?? [])
        spectral = configuration.norm == .spectral ? weights.map { SpectralNorm($0) } : []
    }

    /// Names as in the study: a `Sequential` called `conv`, laid out with batch normalization, and `fc`; `projection`
    /// and `regression` if there are such.
    public var parameters: [(name: String, parameter: Weight)] {
        var list: [(name: String, parameter: Weight)] = []
        for (number, layer) in convolutions.enumerated() {
            let place = number == 0 ? 0 : 3 * number - 1
            list +=
                layer.parameters(under: "conv.\(place)")
                + (spectral.isEmpty ? [] : spectral[number].parameters(under: "conv.\(place)"))
            if number > 0, !norms.isEmpty { list += norms[number - 1].parameters(under: "conv.\(place + 1)") }
        }
        list += last.parameters(under: "fc") + (spectral.isEmpty ? [] : spectral[4].parameters(under: "fc"))
        list += projection?.parameters(under: "projection") ?? []
        if projection != nil, !spectral.isEmpty { list += spectral[5].parameters(under: "projection") }
        return list + (regression?.parameters(under: "regression") ?? [])
    }

    /// Spectrograms [N, 1, mels, frames] and ratings [N, condition] to scores [N, 1]: above 0 means real.
    public func callAsFunction(_ x: Tensor, _ ratings: Tensor) -> Tensor { pass(x, ratings).score }

    /// Scores with the ratings that the second head reads off the spectrogram beside them, [N, 1 + condition]; scores
    /// alone, [N, 1], without such a head.
    func scoresAndRatings(_ x: Tensor, _ ratings: Tensor) -> Tensor {
        let pass = pass(x, ratings)
        guard let regression else { return pass.score }
        return concatenated([pass.score, regression(Self.means(pass.maps[3]))], axis: 1)
    }

    /// The gradient penalty at the given spectrograms, [1]: the mean of (|∇| - target)², where ∇ is the gradient of
    /// the score with respect to the spectrogram; target 1 of Gulrajani et al. 2017, 0 of R1 (Mescheder et al. 2018).
    /// It can be differentiated with respect to the parameters: the backward pass is itself recorded as a graph, which
    /// is exact because LeakyReLU is piecewise linear.
    /// - Precondition: no batch normalization, which would make a sample's score depend on the others.
    public func gradientPenalty(_ x: Tensor, _ ratings: Tensor, target: Float = 1) -> Tensor {
        precondition(norms.isEmpty, "The gradient penalty needs a critic without batch normalization.")
        let pass = pass(x, ratings), samples = x.shape[0]
        var gradient = pass.lastWeight.repeated(samples).reshaped(pass.maps[4].shape)
        for number in (0..<4).reversed() {
            gradient = leakyGradient(pass.maps[number + 1], gradient, slope: Self.slope)
            let below = pass.maps[number].shape, block = below.rank == 5 ? below[4] : 1
            let op = ConvTranspose2dOp(
                hasBias: false, stride: Self.step, padding: Self.padding, outputBlock: block,
                outputSize: Extent(below[2], below[3]))
            gradient = gradient.graph.apply(op, gradient, pass.weights[number])
            if number == 3, let projected = pass.projected {
                let spread = projected.spread(over: below[2] * below[3])
                gradient =
                    gradient
                    + (block > 1
                        ? spread.reshaped([samples, below[2], below[3], below[1], block]).permuted(0, 3, 1, 2, 4)
                        : spread.permuted(0, 2, 1).reshaped(below))
            }
        }
        return gradient.graph.apply(GradientPenaltyOp(channels: 1, target: target), gradient)
    }

    // MARK: One pass

    private struct Pass {
        /// The input with its condition channels, then each convolution's activation.
        var maps: [Tensor]
        /// The weights as they were used, normalized or not.
        var weights: [Tensor]
        var lastWeight: Tensor
        /// The projected ratings [N, dim].
        var projected: Tensor?
        var score: Tensor
    }

    private func pass(_ x: Tensor, _ ratings: Tensor) -> Pass {
        let graph = x.graph, samples = x.shape[0]
        var used = spectral.map { $0(graph) }
        if used.isEmpty {
            used =
                (convolutions.map(\.weight) + [last.weight]).map { graph.parameter($0) }
                + (projection.map { [graph.parameter($0.weight)] } ?? [])
        }
        var maps = [projection == nil ? x.withChannels(ratings) : x]
        for (number, layer) in convolutions.enumerated() {
            let isGrouped =
                number < 3 && layer.isFastInGroups(after: maps[number])
                && configuration.dim / 4 % Convolution.block == 0
            let op = Conv2dOp(
                hasBias: true, stride: layer.stride, padding: layer.padding,
                outputBlock: isGrouped ? Convolution.block : 1)
            var inputs = [maps[number], used[number]]
            if let bias = layer.bias { inputs.append(graph.parameter(bias)) }
            let y = graph.apply(op, inputs)[0]
            maps.append(
                number > 0 && !norms.isEmpty
                    ? norms[number - 1].activated(y, slope: Self.slope) : leakyReLU(y, slope: Self.slope))
        }
        let top = maps[4]
        var inputs = [top.reshaped([samples, top.shape.count / samples]), used[4]]
        if let bias = last.bias { inputs.append(graph.parameter(bias)) }
        let score = graph.apply(LinearOp(hasBias: last.bias != nil), inputs)[0]
        guard projection != nil else { return Pass(maps: maps, weights: used, lastWeight: used[4], score: score) }
        let projected = graph.apply(LinearOp(hasBias: false), ratings, used[5])
        return Pass(
            maps: maps, weights: used, lastWeight: used[4], projected: projected,
            score: score + rowDot(projected, Self.means(maps[3])))
    }

    /// The mean of each feature map, [N, dim].
    private static func means(_ x: Tensor) -> Tensor {
        let s = x.shape
        let tokens =
            s.rank == 5
            ? x.permuted(0, 2, 3, 1, 4).reshaped([s[0], s[2] * s[3], s[1] * s[4]])
            : x.reshaped([s[0], s[1], s[2] * s[3]]).permuted(0, 2, 1)
        return tokens.meanOverTokens()
    }
}
