/// A mean over tokens with weights from one learned query (softmax of x · q / √D): [N, T, D] to [N, D]. The query
/// starts at zero: a plain mean.
public struct AttentionPooling: Layer {
    /// [D]
    public let query: Weight

    public init(_ width: Int) { query = Weight([width], .zeros) }

    public var parameters: [(name: String, parameter: Weight)] { [("query", query)] }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.graph.apply(AttentionPoolingOp(), x, x.graph.parameter(query))
    }
}
