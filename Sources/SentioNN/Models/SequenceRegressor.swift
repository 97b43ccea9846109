/// A network that reads a sequence of feature vectors and gives a rating of each dimension at every step: dropout;
/// recurrent layers, or a projection, sinusoidal positions, pre-norm transformer blocks and a layer norm; dropout; a
/// linear layer.
public struct SequenceRegressor: Layer {
    /// The sizes of a network.
    public struct Configuration: Sendable, Hashable {
        /// Values per step.
        public var inputs: Int
        /// Rated dimensions.
        public var outputs: Int
        /// The recurrent cell.
        public var cell = RecurrentCell.gru
        /// Width of each recurrent layer, or of each transformer block, which are all equal.
        public var widths = [64]
        /// Whether recurrent layers read from both ends; transformer blocks always do.
        public var isBidirectional = true
        /// Attention heads of each transformer block; 0: recurrent layers.
        public var heads = 0
        /// Dropout of the inputs.
        public var inputDropout: Float = 0.2
        /// Dropout between recurrent layers or within transformer blocks, and before the linear layer.
        public var dropout: Float = 0.2

        /// One bidirectional GRU of 64 units in each direction.
        public init(inputs: Int, outputs: Int) {
            self.inputs = inputs
            self.outputs = outputs
        }

        /// Whether transformer blocks take the place of recurrent layers. Then a sample has one more row, the first,
        /// whose first value is the number of its steps; the steps after these are padding, which no step attends to.
        public var usesAttention: Bool { heads > 0 }

        /// Multiply-adds of one step, forward, without the products of attention, which grow with the sequence.
        public var operations: Double {
            var width = Double(inputs), sum = 0.0
            if usesAttention {
                for layer in widths.map({ Double($0) }) {
                    if sum == 0 { sum = width * layer }
                    sum += (4 + 2 * Double(SequenceRegressor.expansion)) * layer * layer
                    width = layer
                }
                return sum + width * Double(outputs)
            }
            let gates = cell == .lstm ? 4.0 : 3, directions = isBidirectional ? 2.0 : 1
            for layer in widths.map({ Double($0) }) {
                sum += directions * gates * layer * (width + layer)
                width = directions * layer
            }
            return sum + width * Double(outputs)
        }
    }

    /// Recurrent layers, or what takes their place.
    private enum Body {
        case recurrent(Recurrent)
        case attention(project: Linear, blocks: [TransformerBlock], norm: LayerNorm)
    }

    /// The sizes that it was made with.
    public let configuration: Configuration
    private let body: Body
    private let head: Linear

    /// Width of a feed-forward layer relative to its block (Vaswani et al. 2017).
    static let expansion = 4

    /// - Precondition: there is a layer, all sizes are positive, and transformer blocks have one width, which `heads`
    ///   divides.
    public init(_ configuration: Configuration) {
        let c = configuration, width = c.widths.last ?? 0
        precondition(
            c.inputs > 0 && c.outputs > 0 && !c.widths.isEmpty && c.widths.allSatisfy { $0 > 0 },
            "A sequence regressor has inputs, outputs and layers.")
        self.configuration = c
        guard c.usesAttention else {
            body = .recurrent(
                Recurrent(c.cell, c.inputs, widths: c.widths, isBidirectional: c.isBidirectional, dropout: c.dropout))
            head = Linear(width * (c.isBidirectional ? 2 : 1), c.outputs)
            return
        }
        precondition(c.widths.allSatisfy { $0 == width }, "Transformer blocks of one network have one width.")
        body = .attention(
            project: Linear(c.inputs, width),
            blocks: c.widths.map {
                TransformerBlock($0, heads: c.heads, hidden: Self.expansion * $0, dropout: c.dropout)
            }, norm: LayerNorm(width))
        head = Linear(width, c.outputs)
    }

    /// Names as those of a PyTorch module with `rnn` and `head`, or with `project`, `blocks`, `norm` and `head`.
    public var parameters: [(name: String, parameter: Weight)] {
        switch body {
        case .recurrent(let recurrent): recurrent.parameters(under: "rnn") + head.parameters(under: "head")
        case .attention(let project, let blocks, let norm):
            project.parameters(under: "project")
                + blocks.enumerated().flatMap { $1.parameters(under: "blocks.\($0)") }
                + norm.parameters(under: "norm") + head.parameters(under: "head")
        }
    }

    /// [N, steps, inputs] to [N, steps · outputs], step after step; with attention from [N, 1 + steps, inputs], whose
    /// first row gives the number of steps.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let c = configuration, samples = x.shape[0]
        switch body {
        case .recurrent(let recurrent):
            let hidden = recurrent(x.dropout(c.inputDropout)).dropout(c.dropout)
            return head(hidden).reshaped([samples, x.shape[1] * c.outputs])
        case .attention(let project, let blocks, let norm):
            let lengths = x.tokens(0..<1), steps = x.tokens(1..<x.shape[1])
            var y = project(steps.dropout(c.inputDropout)).addingSinusoids()
            for block in blocks { y = block(y, lengths: lengths) }
            return head(norm(y).dropout(c.dropout)).reshaped([samples, steps.shape[1] * c.outputs])
        }
    }
}
