/// The VGG music tagger that was published with musicnn (Pons and Serra 2019): five blocks of 3 x 3 convolution, ReLU,
/// batch norm (epsilon 1e-3) and max pooling, on log-mel patches of 187 frames and 96 bands.
public struct VGG: Layer {
    /// Sizes; the defaults are the published network's.
    public struct Configuration: Sendable, Hashable {
        /// Mel bands.
        public var bands = 96
        /// Frames of each input. A fully connected layer follows, so no other length fits.
        public var frames = 187
        /// Output channels of each convolution.
        public var channels = 128
        /// Tags that it predicts.
        public var tags = 50
        /// Whether batch norms use the running statistics in training too, and keep them, as fine-tuning on few songs
        /// does.
        public var keepsStatistics = false

        /// The published network.
        public init() {}
    }

    /// What the network computes for each input.
    public struct Output {
        /// [N, 256]: the output of the last block, ordered by time, band and channel.
        public let pooled: Tensor
        /// [N, channels]: the output of the second-to-last block, averaged over time and frequency.
        public let meanPool: Tensor
        /// [N, tags], before the sigmoid.
        public let logits: Tensor
        /// Activations by name, for comparison with other implementations: `pool1` to `pool5`, each [N, channels, T,
        /// F].
        public let layers: [String: Tensor]
    }

    /// Pooling windows and strides along time and frequency.
    private static let pools: [(window: Extent, stride: Extent)] = [
        (Extent(4, 1), Extent(2)), (Extent(2), Extent(2)), (Extent(2), Extent(2)), (Extent(2), Extent(2)),
        (Extent(4), Extent(4)),
    ]

    /// The sizes that it was made with.
    public let configuration: Configuration
    let inputNorm: BatchNorm
    let convolutions: [Conv2d]
    let norms: [BatchNorm]
    let tags: Linear
    /// Height and width of the last block's output.
    private let grid: Extent

    /// The published network by default.
    /// - Precondition: the input is large enough for five blocks of pooling.
    public init(_ configuration: Configuration = Configuration()) {
        let c = configuration
        self.configuration = c
        func norm(_ channels: Int) -> BatchNorm {
            BatchNorm(channels, epsilon: MusiCNN.epsilon, keepsStatistics: c.keepsStatistics)
        }
        inputNorm = norm(1)
        convolutions = Self.pools.indices.map {
            Conv2d($0 == 0 ? 1 : c.channels, c.channels, kernel: Extent(3), padding: Extent(1))
        }
        norms = Self.pools.map { _ in norm(c.channels) }
        var grid = Extent(c.frames, c.bands)
        for pool in Self.pools {
            grid.height = (grid.height - pool.window.height) / pool.stride.height + 1
            grid.width = (grid.width - pool.window.width) / pool.stride.width + 1
        }
        self.grid = grid
        precondition(
            grid.height > 0 && grid.width > 0, "An input of \(c.frames) x \(c.bands) is too small for five blocks.")
        tags = Linear(grid.count * c.channels, c.tags)
    }

    /// Names by layer, as the converted weights have them: `cnn.0.weight`, `cnn_norm.4.running_var`.
    public var parameters: [(name: String, parameter: Weight)] {
        var list = inputNorm.parameters(under: "input_norm")
        for (number, layer) in convolutions.enumerated() { list += layer.parameters(under: "cnn.\(number)") }
        for (number, layer) in norms.enumerated() { list += layer.parameters(under: "cnn_norm.\(number)") }
        return list + tags.parameters(under: "tags")
    }

    /// Log-mel patches [N, frames, bands].
    public func callAsFunction(_ input: Tensor) -> Output {
        let blocks = blocks(0..<Self.pools.count, of: normalized(input))
        return output(blocks)
    }

    /// [N, frames, bands] to [N, 1, frames, bands].
    func normalized(_ input: Tensor) -> Tensor {
        inputNorm(input.reshaped([input.shape[0], 1, configuration.frames, configuration.bands]))
    }

    /// The outputs of some of the blocks, one after another, from the output of the one before.
    func blocks(_ range: Range<Int>, of input: Tensor) -> [Tensor] {
        var blocks: [Tensor] = []
        for number in range {
            let y = norms[number](relu(convolutions[number](blocks.last ?? input)))
            blocks.append(y.maxPooled(Self.pools[number].window, stride: Self.pools[number].stride))
        }
        return blocks
    }

    /// What the last blocks, two or more, amount to.
    func output(_ blocks: [Tensor]) -> Output {
        let c = configuration, x = blocks[blocks.count - 1], before = blocks[blocks.count - 2], samples = x.shape[0]
        var layers: [String: Tensor] = [:]
        for (number, block) in blocks.enumerated() {
            layers["pool\(Self.pools.count - blocks.count + number + 1)"] = block
        }
        // TensorFlow flattens with the channels last.
        let pooled = x.permuted(0, 2, 3, 1).reshaped([samples, grid.count * c.channels])
        let places = before.shape[2] * before.shape[3]
        let mean = before.reshaped([samples * c.channels, places, 1]).meanOverTokens().reshaped([samples, c.channels])
        return Output(pooled: pooled, meanPool: mean, logits: tags(pooled), layers: layers)
    }
}
