/// A recurrent network that reads a sequence of feature vectors and gives a rating of each dimension at every step:
/// dropout, recurrent layers, dropout, a linear layer.
public struct SequenceRegressor: Layer {
    /// The sizes of a network.
    public struct Configuration: Sendable, Hashable {
        /// Values per step.
        public var inputs: Int
        /// Rated dimensions.
        public var outputs: Int
        /// The recurrent cell.
        public var cell = RecurrentCell.gru
        /// Width of each recurrent layer.
        public var widths = [64]
        /// Whether recurrent layers read from both ends.
        public var isBidirectional = true
        /// Dropout of the inputs.
        public var inputDropout: Float = 0.2
        /// Dropout between recurrent layers and before the linear layer.
        public var dropout: Float = 0.2

        /// One bidirectional GRU of 64 units in each direction.
        public init(inputs: Int, outputs: Int) {
            self.inputs = inputs
            self.outputs = outputs
        }

        /// Multiply-adds of one step, forward.
        public var operations: Double {
            let gates = cell == .lstm ? 4.0 : 3, directions = isBidirectional ? 2.0 : 1
            var width = Double(inputs), sum = 0.0
            for layer in widths.map({ Double($0) }) {
                sum += directions * gates * layer * (width + layer)
                width = directions * layer
            }
            return sum + width * Double(outputs)
        }
    }

    /// The sizes that it was made with.
    public let configuration: Configuration
    let recurrent: Recurrent
    let head: Linear

    /// - Precondition: there is a recurrent layer, and all sizes are positive.
    public init(_ configuration: Configuration) {
        let c = configuration
        precondition(
            c.inputs > 0 && c.outputs > 0 && !c.widths.isEmpty && c.widths.allSatisfy { $0 > 0 },
            "A sequence regressor has inputs, outputs and recurrent layers.")
        self.configuration = c
        recurrent = Recurrent(
            c.cell, c.inputs, widths: c.widths, isBidirectional: c.isBidirectional, dropout: c.dropout)
        head = Linear((c.widths.last ?? 0) * (c.isBidirectional ? 2 : 1), c.outputs)
    }

    /// Names as those of a PyTorch module with `rnn` and `head`.
    public var parameters: [(name: String, parameter: Weight)] {
        recurrent.parameters(under: "rnn") + head.parameters(under: "head")
    }

    /// [N, steps, inputs] to [N, steps · outputs], step after step.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let hidden = recurrent(x.dropout(configuration.inputDropout)).dropout(configuration.dropout)
        return head(hidden).reshaped([x.shape[0], x.shape[1] * configuration.outputs])
    }
}
