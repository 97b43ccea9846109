/// A pre-norm transformer block: y = x + attention(norm1(x)), then y + mlp(norm2(y)).
public struct TransformerBlock: Layer {
    let norm1: LayerNorm
    let attention: SelfAttention
    let norm2: LayerNorm
    let fc1: Linear
    let fc2: Linear
    let dropout: Float

    /// - Parameters:
    ///   - hidden: width of the feed-forward layer.
    ///   - dropout: of attention probabilities, hidden units and both outputs, as in PyTorch's
    ///     `TransformerEncoderLayer`.
    public init(
        _ width: Int, heads: Int, hidden: Int, dropout: Float, epsilon: Float = 1e-5, initializer: Initializer? = nil
    ) {
        norm1 = LayerNorm(width, epsilon: epsilon)
        attention = SelfAttention(width, heads: heads, dropout: dropout, initializer: initializer)
        norm2 = LayerNorm(width, epsilon: epsilon)
        fc1 = Linear(width, hidden, initializer: initializer)
        fc2 = Linear(hidden, width, initializer: initializer)
        self.dropout = dropout
    }

    /// Named as in timm's ViT: `norm1.weight`, `attn.qkv.weight`, `mlp.fc1.weight`, …
    public var parameters: [(name: String, parameter: Weight)] {
        norm1.parameters(under: "norm1") + attention.parameters(under: "attn") + norm2.parameters(under: "norm2")
            + fc1.parameters(under: "mlp.fc1") + fc2.parameters(under: "mlp.fc2")
    }

    /// - Parameters:
    ///   - x: [N, T, D].
    ///   - queries: computes this many first tokens only; nil: all. The last block of a network that reads only its
    ///     class token need not compute the others: the same numbers with a sixth less work at six blocks.
    ///   - lengths: [N, …], the number of tokens of each sample that are not padding first; nil: all.
    public func callAsFunction(_ x: Tensor, queries: Int? = nil, lengths: Tensor? = nil) -> Tensor {
        let wanted = queries.map { x.tokens(0..<$0) } ?? x
        let y = wanted + attention(norm1(x), queries: queries, lengths: lengths)
        return y + fc2(gelu(fc1(norm2(y))).dropout(dropout)).dropout(dropout)
    }
}
