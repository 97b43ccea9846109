extension CRNN {
    public enum Form: String, Sendable, Hashable, Codable, CaseIterable {
        /// Pictures [mels, frames]; 3 x 3 kernels; blocks of convolution, batch norm, ReLU, pool, dropout.
        case spectrogram
        /// Features by time, [frames, features]; kernels of 3 frames; blocks of convolution, ReLU, batch norm,
        /// convolution, ReLU, pool, dropout.
        case featureFrames = "feature-frames"
    }

    public enum Pooling: String, Sendable, Hashable, Codable, CaseIterable {
        case mean, attention
        /// The last time step, as Keras' recurrent layers give it.
        case last
    }

    public struct Block: Sendable, Hashable, Codable {
        public var channels: Int
        /// Windows, side by side; height 1 for feature frames.
        public var pool: Extent
        public var dropout: Float

        public init(channels: Int, pool: Extent, dropout: Float) {
            (self.channels, self.pool, self.dropout) = (channels, pool, dropout)
        }
    }

    /// A hidden layer of the head, with ReLU.
    public struct Hidden: Sendable, Hashable, Codable {
        public var width: Int
        public var dropout: Float

        public init(width: Int, dropout: Float = 0) { (self.width, self.dropout) = (width, dropout) }
    }

    /// Sizes; the defaults are those of the spectrogram form that Sentio is measured with.
    public struct Configuration: Sendable, Hashable, Codable {
        public var form = Form.spectrogram
        /// Mels or features.
        public var height = 128
        public var frames = 2584
        public var blocks = [
            Block(channels: 32, pool: Extent(2, 4), dropout: 0.2),
            Block(channels: 64, pool: Extent(4, 4), dropout: 0.2),
            Block(channels: 128, pool: Extent(4, 4), dropout: 0.2),
        ]
        public var cell = RecurrentCell.lstm
        /// Width of each recurrent layer.
        public var widths = [128, 128]
        public var isBidirectional = true
        /// Between recurrent layers.
        public var recurrentDropout: Float = 0.3
        /// Of what recurrent products read of the step before, one mask for all steps.
        public var stateDropout: Float = 0
        public var pooling = Pooling.mean
        public var head = [Hidden(width: 64)]
        /// Times the sum of squares of the hidden layers' weights: part of the loss.
        public var headPenalty = 0.0
        public var outputs = 2

        public init() {}

        /// The Sentio study's measured network on 600 frames of 40 features (half a second each): 282,146 parameters as
        /// Keras counts them (running statistics included, one bias a recurrent gate).
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

        /// What the recurrent layers read: how many steps, and how wide.
        public var sequence: (length: Int, width: Int) {
            let rows = form == .spectrogram ? blocks.reduce(height) { $0 / max(1, $1.pool.height) } : 1
            return (blocks.reduce(frames) { $0 / max(1, $1.pool.width) }, rows * (blocks.last?.channels ?? 0))
        }

        /// Why no network can be made, as a sentence; nil if one can.
        public var problem: String? {
            let counts = [height, frames, outputs] + blocks.map(\.channels) + widths + head.map(\.width)
            if counts.contains(where: { $0 < 1 || $0 > 1 << 20 }) {
                return "All sizes of a CRNN lie between 1 and 1,048,576."
            }
            if blocks.isEmpty || widths.isEmpty {
                return "A CRNN has at least one block of convolutions and one recurrent layer."
            }
            if blocks.contains(where: { $0.pool.height < 1 || $0.pool.width < 1 }) {
                return "A pooling window is at least 1 x 1."
            }
            if form == .featureFrames, blocks.contains(where: { $0.pool.height != 1 }) {
                return "Feature frames are pooled over time alone: the height of a pooling window is 1."
            }
            let rates = blocks.map(\.dropout) + [recurrentDropout, stateDropout] + head.map(\.dropout)
            if rates.contains(where: { !($0 >= 0 && $0 < 1) }) { return "A dropout rate is from 0 to below 1." }
            if !(headPenalty >= 0 && headPenalty.isFinite) { return "The penalty of the head is 0 or more." }
            if sequence.length < 1 || sequence.width < 1 {
                return "\(height) x \(frames) is too small for these pooling windows: nothing is left of it."
            }
            return nil
        }
    }
}
