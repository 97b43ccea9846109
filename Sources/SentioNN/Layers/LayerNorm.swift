/// Layer normalisation over the last axis. Weight starts at 1, bias at 0, epsilon 1e-5 as in PyTorch (timm's ViT:
/// 1e-6).
public struct LayerNorm: Layer {
    public let weight: Weight
    public let bias: Weight
    public let epsilon: Float

    public init(_ width: Int, epsilon: Float = 1e-5) {
        weight = Weight([width], .ones)
        bias = Weight([width], .zeros)
        self.epsilon = epsilon
    }

    public var parameters: [(name: String, parameter: Weight)] { [("weight", weight), ("bias", bias)] }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.graph.apply(LayerNormOp(epsilon: epsilon), x, x.graph.parameter(weight), x.graph.parameter(bias))
    }
}
