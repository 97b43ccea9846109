import CNNKernels

/// Multi-head scaled dot-product attention, softmax(q kᵀ / √d) v, that never stores all scores: it takes a block of
/// queries against all keys, and recomputes their scores in the backward pass (Dao et al. 2022). Dropout acts on the
/// probabilities.
///
/// Inputs: `qkv` [N, T, 3 D], packed as timm does; or `q` [N, Q, D] and `kv` [N, T, 2 D] if only some tokens are
/// queries. Masked, there is one more input, [N, …], whose first number of each sample says how many of its tokens are
/// keys; those after them are padding, which no query sees. Output [N, Q, D]. Heads are side by side in D.
struct AttentionOp: Op {
    static let name = "attention"
    let heads: Int
    let dropout: Float
    let isMasked: Bool
    let products: Products
    let backwardReads: BackwardReads

    /// What computes products in float32.
    enum Products: CaseIterable {
        case tiles, libraries

        /// The fastest on this processor.
        static let native: Products = nn_tiles_fit() != 0 ? .tiles : .libraries
    }

    init(heads: Int, dropout: Float, isPacked: Bool, isMasked: Bool = false, products: Products = .native) {
        self.heads = heads
        self.dropout = dropout
        self.isMasked = isMasked
        self.products = products
        backwardReads = BackwardReads(inputs: Set(0..<(isPacked ? 1 : 2) + (isMasked ? 1 : 0)), outputs: [0])
    }

    func layout(_ inputs: [Shape]) -> Layout { Layout(isMasked ? Array(inputs.dropLast()) : inputs, heads) }

    /// Keys of a sample that are not padding: at least one.
    func keyCount(_ step: OpStep, _ layout: Layout, sample: Int) -> Int {
        guard isMasked, let mask = step.inputs.last, let shape = step.inputShapes.last else { return layout.keys }
        precondition(
            shape.rank > 0 && shape[0] == layout.samples,
            "attention takes the number of keys of each of \(layout.samples) samples, not \(shape).")
        return Int(max(1, min(Float(layout.keys), mask[sample * shape.count / layout.samples])))
    }

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        let layout = layout(inputs)
        return [[layout.samples, layout.queries, layout.width]]
    }

    /// The logarithm of each row's sum of exponentials.
    func savedCount(_ inputs: [Shape]) -> Int {
        let layout = layout(inputs)
        return layout.samples * heads * layout.queries
    }

    func scratchCount(_ inputs: [Shape], threads: Int) -> Int {
        let layout = layout(inputs)
        return max(Self.blockScratch(layout), products == .tiles ? Tiles(layout).scratchCount : 0)
    }

    func operations(_ inputs: [Shape]) -> Int {
        let layout = layout(inputs)
        return 4 * layout.samples * layout.queries * layout.keys * layout.width
    }

    /// The factors are the inputs, the gradient of the output, probabilities and their gradients.
    func factorCounts(_ inputs: [Shape]) -> [Int] {
        let layout = layout(inputs)
        return inputs.prefix(layout.isPacked ? 1 : 2).map(\.count) + [layout.samples * layout.queries * layout.width]
            + [1, 1].map { $0 * layout.block * layout.keys }
    }

    func forward(_ step: OpStep) { usesTiles(step) ? forwardInTiles(step) : forwardInBlocks(step) }

    func backward(_ step: OpStep) { usesTiles(step) ? backwardInTiles(step) : backwardInBlocks(step) }

    private func usesTiles(_ step: OpStep) -> Bool { products == .tiles && step.factorMemory == nil }
}

/// Multi-head attention of packed queries, keys and values, [N, T, 3 D] to [N, T, D].
/// - Parameters:
///   - dropout: of the probabilities.
///   - lengths: [N, …], the number of tokens of each sample that are not padding first; nil: all.
public func attention(_ qkv: Tensor, heads: Int, dropout: Float, lengths: Tensor? = nil) -> Tensor {
    guard let lengths else { return qkv.graph.apply(AttentionOp(heads: heads, dropout: dropout, isPacked: true), qkv) }
    return qkv.graph.apply(AttentionOp(heads: heads, dropout: dropout, isPacked: true, isMasked: true), qkv, lengths)
}
