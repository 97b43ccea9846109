/// Layer normalization over the last axis. Weight starts at 1, bias at 0.
public struct LayerNorm: Layer {
    let weight: Weight
    let bias: Weight
    let epsilon: Float

    /// - Parameter epsilon: added to the variance; the default is PyTorch's (timm's ViT has 1e-6).
    public init(_ width: Int, epsilon: Float = 1e-5) {
        weight = Weight([width], .ones)
        bias = Weight([width], .zeros)
        self.epsilon = epsilon
    }

    /// `weight` and `bias`.
    public var parameters: [(name: String, parameter: Weight)] { [("weight", weight), ("bias", bias)] }

    /// [..., D]; the shape stays.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.graph.apply(LayerNormOp(epsilon: epsilon), x, x.graph.parameter(weight), x.graph.parameter(bias))
    }
}
