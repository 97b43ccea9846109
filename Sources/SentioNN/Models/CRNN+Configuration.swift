extension CRNN {
    /// What the network reads, and the blocks that suit it.
    public enum Form: String, Sendable, Hashable, Codable, CaseIterable {
        /// Spectrograms [mels, frames]; 3 x 3 kernels; blocks of convolution, batch norm, ReLU, pooling, dropout.
        case spectrogram
        /// Features over time, [frames, features]; kernels of 3 frames; blocks of convolution, ReLU, batch norm,
        /// convolution, ReLU, pooling, dropout.
        case featureFrames = "feature-frames"
    }

    /// How the sequence becomes one vector.
    public enum Pooling: String, Sendable, Hashable, Codable, CaseIterable {
        /// The mean over time.
        case mean
        /// A mean weighted by a learned query.
        case attention
        /// The last time step, as Keras' recurrent layers give it.
        case last
    }

    /// Sizes of one block of convolutions.
    public struct Block: Sendable, Hashable, Codable {
        /// Output channels.
        public var channels: Int
        /// The pooling window, which is also the stride; height 1 for feature frames.
        public var pool: Extent
        /// Dropout at the end of the block.
        public var dropout: Float

        /// No defaults: each block has its own.
        public init(channels: Int, pool: Extent, dropout: Float) {
            (self.channels, self.pool, self.dropout) = (channels, pool, dropout)
        }
    }

    /// A hidden layer of the head, with ReLU.
    public struct Hidden: Sendable, Hashable, Codable {
        /// Output width.
        public var width: Int
        /// Dropout after the ReLU.
        public var dropout: Float

        /// Without dropout by default.
        public init(width: Int, dropout: Float = 0) { (self.width, self.dropout) = (width, dropout) }
    }

    /// Sizes; the defaults are the spectrogram form that Sentio's benchmarks use.
    public struct Configuration: Sendable, Hashable, Codable {
        /// What the network reads.
        public var form = Form.spectrogram
        /// Mel bands or features.
        public var height = 128
        /// Frames of each input.
        public var frames = 2584
        /// Blocks of convolutions, first to last.
        public var blocks = [
            Block(channels: 32, pool: Extent(2, 4), dropout: 0.2),
            Block(channels: 64, pool: Extent(4, 4), dropout: 0.2),
            Block(channels: 128, pool: Extent(4, 4), dropout: 0.2),
        ]
        /// The kind of recurrent layers.
        public var cell = RecurrentCell.lstm
        /// Width of each recurrent layer.
        public var widths = [128, 128]
        /// Whether recurrent layers run in both directions.
        public var isBidirectional = true
        /// Dropout between recurrent layers.
        public var recurrentDropout: Float = 0.3
        /// Dropout of the previous output that each recurrent step reads, with one mask for all steps.
        public var stateDropout: Float = 0
        /// How the sequence becomes one vector.
        public var pooling = Pooling.mean
        /// Hidden layers of the head.
        public var head = [Hidden(width: 64)]
        /// L2 penalty of the weights of the head's hidden layers; see `Weight.penalty`.
        public var headPenalty = 0.0
        /// Predicted dimensions.
        public var outputs = 2

        /// The spectrogram form.
        public init() {}

        /// The network that the Sentio study measured, on 600 frames of 40 features (half a second each): 282,146
        /// parameters as Keras counts them (running statistics included, one bias per recurrent gate).
        public static var featureFrames: Configuration {
            var c = Configuration()
            (c.form, c.height, c.frames) = (.featureFrames, 40, 600)
            c.blocks = [64, 128].map { Block(channels: $0, pool: Extent(1, 2), dropout: 0.3) }
            (c.widths, c.isBidirectional, c.recurrentDropout, c.stateDropout, c.pooling) = (
                [128, 64], false, 0.3, 0.2, .last
            )
            (c.head, c.headPenalty) = ([Hidden(width: 64, dropout: 0.4), Hidden(width: 32)], 0.01)
            return c
        }

        /// The sequence that the recurrent layers read: its number of steps, and the width of a step.
        public var sequence: (length: Int, width: Int) {
            let rows = form == .spectrogram ? blocks.reduce(height) { $0 / max(1, $1.pool.height) } : 1
            return (blocks.reduce(frames) { $0 / max(1, $1.pool.width) }, rows * (blocks.last?.channels ?? 0))
        }

        /// What is wrong with the configuration, as a sentence; nil if it is valid.
        public var problem: String? {
            let counts = [height, frames, outputs] + blocks.map(\.channels) + widths + head.map(\.width)
            if counts.contains(where: { $0 < 1 || $0 > 1 << 20 }) {
                return "All sizes of a CRNN must be between 1 and 1,048,576."
            }
            if blocks.isEmpty || widths.isEmpty {
                return "A CRNN needs at least one block of convolutions and one recurrent layer."
            }
            if blocks.contains(where: { $0.pool.height < 1 || $0.pool.width < 1 }) {
                return "A pooling window must be at least 1 x 1."
            }
            if form == .featureFrames, blocks.contains(where: { $0.pool.height != 1 }) {
                return "Feature frames are pooled over time only: the height of every pooling window must be 1."
            }
            let rates = blocks.map(\.dropout) + [recurrentDropout, stateDropout] + head.map(\.dropout)
            if rates.contains(where: { !($0 >= 0 && $0 < 1) }) {
                return "Dropout rates must be at least 0 and below 1."
            }
            if !(headPenalty >= 0 && headPenalty.isFinite) { return "The penalty of the head must be 0 or more." }
            if sequence.length < 1 || sequence.width < 1 {
                return
                    "An input of \(height) x \(frames) is too small for these pooling windows: nothing is left of it."
            }
            return nil
        }
    }
}
