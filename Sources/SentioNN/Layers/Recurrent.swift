/// Stacked recurrent layers, like PyTorch's `LSTM` and `GRU` with `batch_first`: [N, T, I] to [N, T, directions · H].
/// All parameters start uniform within 1 / sqrt(H). Unlike PyTorch's, layers may differ in width.
public struct Recurrent: Layer {
    /// The weights of one layer in one direction.
    struct Weights: Sendable {
        /// [gates · H, I], in the cell's order of gates.
        let input: Weight
        /// [gates · H, H]
        let recurrent: Weight
        let inputBias: Weight
        let recurrentBias: Weight
    }

    let cell: RecurrentCell
    /// By layer and direction.
    let weights: [[Weights]]
    let dropout: Float
    let stateDropout: Float

    /// - Parameters:
    ///   - widths: H of each layer.
    ///   - dropout: between layers, not after the last.
    ///   - stateDropout: of the previous output that each step reads, with one mask for all steps (Gal and Ghahramani
    ///     2016), which PyTorch's layers lack.
    public init(
        _ cell: RecurrentCell, _ inputs: Int, widths: [Int], isBidirectional: Bool = false, dropout: Float = 0,
        stateDropout: Float = 0
    ) {
        self.cell = cell
        self.dropout = dropout
        self.stateDropout = stateDropout
        var inputs = inputs
        weights = widths.map { width in
            let start = Initializer.fanIn(width), gates = cell.gates * width, from = inputs
            inputs = isBidirectional ? 2 * width : width
            return (0..<(isBidirectional ? 2 : 1)).map { _ in
                Weights(
                    input: Weight([gates, from], start), recurrent: Weight([gates, width], start),
                    inputBias: Weight([gates], start), recurrentBias: Weight([gates], start))
            }
        }
    }

    /// Names as PyTorch has them: `weight_ih_l0`, `bias_hh_l1_reverse`.
    public var parameters: [(name: String, parameter: Weight)] {
        weights.enumerated().flatMap { layer, directions in
            directions.enumerated().flatMap { direction, weights in
                let tail = "l\(layer)" + (direction == 1 ? "_reverse" : "")
                return [
                    ("weight_ih_\(tail)", weights.input), ("weight_hh_\(tail)", weights.recurrent),
                    ("bias_ih_\(tail)", weights.inputBias), ("bias_hh_\(tail)", weights.recurrentBias),
                ]
            }
        }
    }

    /// [N, T, I] to [N, T, directions · H], all time steps of the last layer.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        var y = x
        for (number, directions) in weights.enumerated() {
            if number > 0 { y = y.dropout(dropout) }
            let all = directions.flatMap { [$0.input, $0.recurrent, $0.inputBias, $0.recurrentBias] }
            y =
                y.graph.apply(
                    RecurrentOp(cell, directions: directions.count, dropout: stateDropout),
                    [y] + all.map { y.graph.parameter($0) })[0]
        }
        return y
    }
}
