/// The Audio Spectrogram Transformer (Gong et al. 2021) as a regressor: patches of a spectrogram, a class token,
/// learned positions, pre-norm blocks, a linear or two-layer head. Parameter names as timm's ViT.
public struct AudioSpectrogramTransformer: Layer {
    /// What the head reads.
    public enum Pooling: String, Sendable, Hashable, Codable, CaseIterable {
        /// The class token.
        case cls
        /// The mean over all tokens.
        case mean
    }

    /// Sizes; the defaults are the Sentio study's published network.
    public struct Configuration: Sendable, Hashable, Codable {
        /// Mel bands of the spectrograms.
        public var mels = 128
        /// Frames of the spectrograms.
        public var frames = 2584
        /// Side of the square patches.
        public var patch = 16
        /// Step from patch to patch; below `patch` they overlap. AST's own is 10.
        public var stride = 16
        /// Width of the tokens.
        public var width = 384
        /// Attention heads; they divide `width`.
        public var heads = 6
        /// Transformer blocks.
        public var depth = 6
        /// Width of the feed-forward layers.
        public var hidden = 1536
        /// Dropout of tokens, in all blocks and in the head.
        public var dropout: Float = 0.1
        /// What the head reads.
        public var pooling = Pooling.cls
        /// Rows of patches that are left out of each training sample (PaSST's patchout).
        public var patchoutRows = 0
        /// Columns of patches that are left out of each training sample.
        public var patchoutColumns = 0
        /// Width of the head's hidden layer; 0: a linear head.
        public var headHidden = 0
        /// Predicted dimensions.
        public var outputs = 2

        /// The published network.
        public init() {}

        /// Number of patches along frequency (rows) and time (columns).
        public var grid: (rows: Int, columns: Int) { ((mels - patch) / stride + 1, (frames - patch) / stride + 1) }
    }

    /// The sizes that it was made with.
    public let configuration: Configuration
    /// [1, 1, D]
    let classToken: Weight
    /// [1, P + 1, D], the class token's first.
    let positions: Weight
    let patchProjection: Linear
    let blocks: [TransformerBlock]
    let norm: LayerNorm
    let head: [Linear]

    /// - Precondition: a patch fits the spectrogram and `heads` divides `width`.
    public init(_ configuration: Configuration) {
        let c = configuration
        precondition(
            c.mels >= c.patch && c.frames >= c.patch && c.stride > 0,
            "A patch of \(c.patch) does not fit a spectrogram of \(c.mels) x \(c.frames).")
        self.configuration = c
        let start = Initializer.truncatedNormal(deviation: 0.02)
        classToken = Weight([1, 1, c.width], start, decays: false)
        positions = Weight([1, c.grid.rows * c.grid.columns + 1, c.width], start, decays: false)
        patchProjection = Linear(c.patch * c.patch, c.width, initializer: start)
        blocks = (0..<c.depth).map { _ in
            TransformerBlock(c.width, heads: c.heads, hidden: c.hidden, dropout: c.dropout, initializer: start)
        }
        norm = LayerNorm(c.width)
        head =
            c.headHidden == 0
            ? [Linear(c.width, c.outputs, initializer: start)]
            : [Linear(c.width, c.headHidden, initializer: start), Linear(c.headHidden, c.outputs, initializer: start)]
    }

    /// Names as in timm's ViT, with a head of up to two layers: `head.0.weight`.
    public var parameters: [(name: String, parameter: Weight)] {
        [("cls_token", classToken), ("pos_embed", positions)] + patchProjection.parameters(under: "patch_embed.proj")
            + blocks.enumerated().flatMap { $1.parameters(under: "blocks.\($0)") } + norm.parameters(under: "norm")
            + head.enumerated().flatMap { $1.parameters(under: head.count == 1 ? "head" : "head.\($0)") }
    }

    /// Spectrograms [N, mels, frames] to predictions [N, outputs].
    /// - Parameter isTraining: whether patchout applies.
    public func callAsFunction(_ spectrograms: Tensor, isTraining: Bool = false) -> Tensor {
        let graph = spectrograms.graph, c = configuration
        var x = patchProjection(spectrograms.patches(c.patch, stride: c.stride)).prepending(graph.parameter(classToken))
        x = x.adding(perSample: graph.parameter(positions))
        if isTraining, c.patchoutRows + c.patchoutColumns > 0 {
            x = graph.apply(PatchoutOp(first: 1, grid: c.grid, dropped: (c.patchoutRows, c.patchoutColumns)), x)
        }
        x = x.dropout(c.dropout)
        for (index, block) in blocks.enumerated() {
            x = block(x, queries: index == blocks.count - 1 && c.pooling == .cls ? 1 : nil)
        }
        let samples = x.shape[0]
        var y: Tensor
        switch c.pooling {
        case .cls: y = norm(x.tokens(0..<1)).reshaped([samples, c.width])
        case .mean: y = norm(x).meanOverTokens()
        }
        for layer in head.dropLast() { y = gelu(layer(y)).dropout(c.dropout) }
        return head[head.count - 1](y)
    }
}
