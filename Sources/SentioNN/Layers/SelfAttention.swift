/// Multi-head self-attention with a packed projection.
public struct SelfAttention: Layer {
    let qkv: Linear
    let proj: Linear
    let width: Int
    let heads: Int
    let dropout: Float

    /// - Parameter dropout: of the attention probabilities and of the output.
    /// - Precondition: `heads` divides `width`.
    public init(_ width: Int, heads: Int, dropout: Float, initializer: Initializer? = nil) {
        precondition(width % heads == 0, "\(heads) heads do not divide a width of \(width).")
        qkv = Linear(width, 3 * width, initializer: initializer)
        proj = Linear(width, width, initializer: initializer)
        self.width = width
        self.heads = heads
        self.dropout = dropout
    }

    /// Named as in timm's ViT: `qkv.weight`, `proj.weight`, …
    public var parameters: [(name: String, parameter: Weight)] {
        qkv.parameters(under: "qkv") + proj.parameters(under: "proj")
    }

    /// - Parameters:
    ///   - x: [N, T, D].
    ///   - queries: computes the output of this many first tokens only; nil: all. The result is [N, queries, D].
    ///   - lengths: [N, …], the number of tokens of each sample that are not padding first; nil: all.
    public func callAsFunction(_ x: Tensor, queries: Int? = nil, lengths: Tensor? = nil) -> Tensor {
        let mixed: Tensor
        if let queries, queries < x.shape[1] {
            let (q, kv) = (qkv(x.tokens(0..<queries), rows: 0..<width), qkv(x, rows: width..<3 * width))
            let op = AttentionOp(heads: heads, dropout: dropout, isPacked: false, isMasked: lengths != nil)
            mixed = x.graph.apply(op, [q, kv] + (lengths.map { [$0] } ?? []))[0]
        } else {
            mixed = SentioNN.attention(qkv(x), heads: heads, dropout: dropout, lengths: lengths)
        }
        return proj(mixed).dropout(dropout)
    }
}
