/// A mean over tokens with weights from one learned query (softmax of x · q / √D): [N, T, D] to [N, D]. The query
/// starts at zero, which makes it a plain mean.
public struct AttentionPooling: Layer {
    /// [D]
    let query: Weight

    /// For tokens of `width` numbers.
    public init(_ width: Int) { query = Weight([width], .zeros) }

    /// `query`.
    public var parameters: [(name: String, parameter: Weight)] { [("query", query)] }

    /// [N, T, D] to [N, D].
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.graph.apply(AttentionPoolingOp(), x, x.graph.parameter(query))
    }
}
