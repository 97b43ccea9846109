/// musicnn (Pons and Serra 2019), a music tagger whose activations describe a song: timbral (vertical) and temporal
/// (horizontal) filters, three residual convolutions over time, the maximum and mean over time, and a hidden layer.
///
/// Each convolution or product is followed by its ReLU and only then by batch norm (epsilon 1e-3, TensorFlow's
/// default); the maximum over frequency comes last. Zero padding comes after the input's norm. It reads any number of
/// frames; it was trained on 187 (3 s).
public struct MusiCNN: Layer {
    /// Sizes; the defaults are the published network's.
    public struct Configuration: Sendable, Hashable {
        /// Mel bands.
        public var bands = 96
        /// Output channels of the timbral filters of each height.
        public var timbralChannels = 204
        /// Heights of the timbral filters, in bands; each is seven frames long.
        public var timbralHeights = [38, 67]
        /// Output channels of the temporal filters of each length.
        public var temporalChannels = 51
        /// Lengths of the temporal filters, in frames; each is one band high.
        public var temporalLengths = [128, 64, 32]
        /// Output channels of the convolutions over time.
        public var width = 64
        /// Width of the hidden layer.
        public var hidden = 200
        /// Tags that it predicts.
        public var tags = 50
        /// Whether batch norms use the running statistics in training too, and keep them, as fine-tuning on few songs
        /// does.
        public var keepsStatistics = false

        /// The published network.
        public init() {}

        /// Output channels of the front end.
        var front: Int { timbralHeights.count * timbralChannels + temporalLengths.count * temporalChannels }
        /// Channels that are pooled over time.
        public var pooled: Int { front + 3 * width }
    }

    /// What the network computes for each input.
    public struct Output {
        /// [N, hidden], after the norm, so values may be negative.
        public let penultimate: Tensor
        /// [N, 2 pooled]: maximum and mean in turns, after their norm; what the hidden layer reads.
        public let flat: Tensor
        /// [N, pooled]: the mean over time of front end and convolutions.
        public let meanPool: Tensor
        /// [N, pooled]: the maximum over time of front end and convolutions.
        public let maxPool: Tensor
        /// [N, tags], before the sigmoid.
        public let logits: Tensor
        /// Activations by name, for comparison with other implementations: `timbral`, `temporal`, `cnn1`, …, each
        /// [N, channels, T].
        public internal(set) var layers: [String: Tensor]
    }

    static let epsilon: Float = 1e-3

    /// The sizes that it was made with.
    public let configuration: Configuration
    let inputNorm: BatchNorm
    let timbral: [Conv2d]
    let timbralNorms: [BatchNorm]
    let temporal: [Conv2d]
    let temporalNorms: [BatchNorm]
    let convolutions: [Conv2d]
    let norms: [BatchNorm]
    let flatNorm: BatchNorm
    let hidden: Linear
    let hiddenNorm: BatchNorm
    let tags: Linear

    /// The published network by default.
    public init(_ configuration: Configuration = Configuration()) {
        let c = configuration
        self.configuration = c
        func norm(_ channels: Int) -> BatchNorm {
            BatchNorm(channels, epsilon: Self.epsilon, keepsStatistics: c.keepsStatistics)
        }
        inputNorm = norm(1)
        timbral = c.timbralHeights.map { Conv2d(1, c.timbralChannels, kernel: Extent(7, $0), padding: Extent(3, 0)) }
        timbralNorms = c.timbralHeights.map { _ in norm(c.timbralChannels) }
        temporal = c.temporalLengths.map {
            Conv2d(1, c.temporalChannels, kernel: Extent($0, 1), padding: Extent($0 / 2, 0))
        }
        temporalNorms = c.temporalLengths.map { _ in norm(c.temporalChannels) }
        convolutions = [c.front, c.width, c.width].map {
            Conv2d($0, c.width, kernel: Extent(1, 7), padding: Extent(0, 3))
        }
        norms = (0..<3).map { _ in norm(c.width) }
        flatNorm = norm(2 * c.pooled)
        hidden = Linear(2 * c.pooled, c.hidden)
        hiddenNorm = norm(c.hidden)
        tags = Linear(c.hidden, c.tags)
    }

    /// Names by layer, as the converted weights have them: `timbral.0.weight`, `cnn_norm.2.running_var`.
    public var parameters: [(name: String, parameter: Weight)] {
        func all(_ layers: [some Layer], _ name: String) -> [(name: String, parameter: Weight)] {
            layers.enumerated().flatMap { $1.parameters(under: "\(name).\($0)") }
        }
        var list = inputNorm.parameters(under: "input_norm")
        list += all(timbral, "timbral") + all(timbralNorms, "timbral_norm")
        list += all(temporal, "temporal") + all(temporalNorms, "temporal_norm")
        list += all(convolutions, "cnn") + all(norms, "cnn_norm") + flatNorm.parameters(under: "flat_norm")
        list += hidden.parameters(under: "hidden") + hiddenNorm.parameters(under: "hidden_norm")
        return list + tags.parameters(under: "tags")
    }

    /// Log-mel patches [N, T, bands].
    public func callAsFunction(_ input: Tensor) -> Output {
        let (timbral, temporal) = filtered(input)
        var output = output(concatenated(timbral + temporal, axis: 1))
        output.layers["timbral"] = concatenated(timbral, axis: 1)
        output.layers["temporal"] = concatenated(temporal, axis: 1)
        return output
    }

    /// What the timbral and the temporal filters make of patches, each [N, channels, T].
    func filtered(_ input: Tensor) -> (timbral: [Tensor], temporal: [Tensor]) {
        let c = configuration, samples = input.shape[0], frames = input.shape[1]
        let x = inputNorm(input.reshaped([samples, 1, frames, c.bands]))
        func highest(_ y: Tensor) -> Tensor {
            let top = y.maxPooled(Extent(1, y.shape[3]))
            return top.reshaped([samples, y.shape[1], y.shape[2]])
        }
        let timbral = zip(self.timbral, timbralNorms).map { highest($1(relu($0.beforeMaximum(x)))) }
        let temporal = zip(self.temporal, temporalNorms).map { convolution, norm in
            // Even filters reach one frame further ahead than back. The output is one frame too long; drop the first.
            let wide = highest(norm(relu(convolution.beforeMaximum(x))))
            let channels = wide.shape[1], length = wide.shape[2]
            return wide.reshaped([samples * channels, length, 1]).tokens(length - frames..<length).reshaped([
                samples, channels, frames,
            ])
        }
        return (timbral, temporal)
    }

    /// What follows the front end [N, channels, T]; `layers` begin with `cnn1`.
    func output(_ front: Tensor) -> Output {
        let c = configuration, samples = front.shape[0], frames = front.shape[2]
        var steps: [Tensor] = [], last = front
        for (number, (convolution, norm)) in zip(convolutions, norms).enumerated() {
            let y = norm(relu(convolution(last.reshaped([samples, last.shape[1], 1, frames])))).reshaped([
                samples, c.width, frames,
            ])
            last = number == 0 ? y : y + last
            steps.append(last)
        }
        let all = concatenated([front] + steps, axis: 1)
        let maxPool = all.reshaped([samples, c.pooled, 1, frames]).maxPooled(Extent(1, frames)).reshaped([
            samples, c.pooled, 1,
        ])
        let meanPool = all.reshaped([samples * c.pooled, frames, 1]).meanOverTokens().reshaped([samples, c.pooled, 1])
        let flat = flatNorm(concatenated([maxPool, meanPool], axis: 2).reshaped([samples, 2 * c.pooled]))
        let penultimate = hiddenNorm(relu(hidden(flat)))
        var layers: [String: Tensor] = [:]
        for (number, step) in steps.enumerated() { layers["cnn\(number + 1)"] = step }
        return Output(
            penultimate: penultimate, flat: flat, meanPool: meanPool.reshaped([samples, c.pooled]),
            maxPool: maxPool.reshaped([samples, c.pooled]),
            logits: tags(penultimate), layers: layers)
    }
}
