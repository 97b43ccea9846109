import CNNKernels

/// Multi-head scaled dot-product attention, softmax(q kᵀ / √d) v, that never stores all scores: it takes a block of
/// queries against all keys, and recomputes their scores in the backward pass (Dao et al. 2022). Dropout acts on the
/// probabilities.
///
/// Inputs: `qkv` [N, T, 3 D], packed as timm does; or `q` [N, Q, D] and `kv` [N, T, 2 D] if only some tokens are
/// queries. Output [N, Q, D]. Heads are side by side in D.
struct AttentionOp: Op {
    static let name = "attention"
    let heads: Int
    let dropout: Float
    let products: Products
    let backwardReads: BackwardReads

    /// What computes products in float32.
    enum Products: CaseIterable {
        case tiles, libraries

        /// The fastest on this processor.
        static let native: Products = nn_tiles_fit() != 0 ? .tiles : .libraries
    }

    init(heads: Int, dropout: Float, isPacked: Bool, products: Products = .native) {
        self.heads = heads
        self.dropout = dropout
        self.products = products
        backwardReads = BackwardReads(inputs: isPacked ? [0] : [0, 1], outputs: [0])
    }

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        let layout = Layout(inputs, heads)
        return [[layout.samples, layout.queries, layout.width]]
    }

    /// The logarithm of each row's sum of exponentials.
    func savedCount(_ inputs: [Shape]) -> Int {
        let layout = Layout(inputs, heads)
        return layout.samples * heads * layout.queries
    }

    func scratchCount(_ inputs: [Shape], threads: Int) -> Int {
        let layout = Layout(inputs, heads)
        return max(Self.blockScratch(layout), products == .tiles ? Tiles(layout).scratchCount : 0)
    }

    func operations(_ inputs: [Shape]) -> Int {
        let layout = Layout(inputs, heads)
        return 4 * layout.samples * layout.queries * layout.keys * layout.width
    }

    /// The factors are the inputs, the gradient of the output, probabilities and their gradients.
    func factorCounts(_ inputs: [Shape]) -> [Int] {
        let layout = Layout(inputs, heads)
        return inputs.map(\.count) + [layout.samples * layout.queries * layout.width]
            + [1, 1].map { $0 * layout.block * layout.keys }
    }

    func forward(_ step: OpStep) { usesTiles(step) ? forwardInTiles(step) : forwardInBlocks(step) }

    func backward(_ step: OpStep) { usesTiles(step) ? backwardInTiles(step) : backwardInBlocks(step) }

    private func usesTiles(_ step: OpStep) -> Bool { products == .tiles && step.factorMemory == nil }
}

/// Multi-head attention of packed queries, keys and values, [N, T, 3 D] to [N, T, D].
/// - Parameter dropout: of the probabilities.
public func attention(_ qkv: Tensor, heads: Int, dropout: Float) -> Tensor {
    qkv.graph.apply(AttentionOp(heads: heads, dropout: dropout, isPacked: true), qkv)
}
