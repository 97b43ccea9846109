/// A fully connected layer: [..., in] to [..., out], y = x Wᵀ + b. Weight and bias start as in PyTorch, uniform within
/// 1 / sqrt(in).
public struct Linear: Layer {
    /// [out, in]
    let weight: Weight
    /// [out]
    let bias: Weight?

    /// - Parameters:
    ///   - initializer: of the weight; if given, the bias starts at 0.
    ///   - penalty: of the weight; see `Weight.penalty`.
    public init(
        _ inputs: Int, _ outputs: Int, bias hasBias: Bool = true, initializer: Initializer? = nil, penalty: Double = 0
    ) {
        weight = Weight([outputs, inputs], initializer ?? .fanIn(inputs), penalty: penalty)
        bias = hasBias ? Weight([outputs], initializer == nil ? .fanIn(inputs) : .zeros) : nil
    }

    /// `weight`, and `bias` if there is one.
    public var parameters: [(name: String, parameter: Weight)] {
        [("weight", weight)] + (bias.map { [("bias", $0)] } ?? [])
    }

    /// [..., in] to [..., out].
    /// - Parameter rows: computes only these outputs; nil: all.
    public func callAsFunction(_ x: Tensor, rows: Range<Int>? = nil) -> Tensor {
        let graph = x.graph
        let inputs = [x, graph.parameter(weight)] + (bias.map { [graph.parameter($0)] } ?? [])
        return graph.apply(LinearOp(hasBias: bias != nil, rows: rows), inputs)[0]
    }
}
