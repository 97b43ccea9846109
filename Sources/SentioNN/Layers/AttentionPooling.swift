/// A mean over tokens with weights from one learned query (softmax of x · q / √D): [N, T, D] to [N, D]. The query starts
/// at zero: a plain mean.
public struct AttentionPooling: Layer {
    /// [D]
    public let query: Parameter

    public init(_ width: Int) { query = Parameter([width], .zeros) }

    public var parameters: [(name: String, parameter: Parameter)] { [("query", query)] }

    public func callAsFunction(_ x: Tensor) -> Tensor { x.graph.apply(AttentionPoolingOp(), x, x.graph.parameter(query)) }
}
