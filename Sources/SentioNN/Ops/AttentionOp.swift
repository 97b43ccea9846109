import CKernels

/// Scaled dot-product attention of several heads, softmax(q kᵀ / √d) v, without ever storing the scores: blocks of
/// queries against all keys, recomputed in the backward pass (Dao et al. 2022). Dropout acts on the probabilities.
///
/// Inputs: `qkv` [N, T, 3 D], packed as timm does; or `q` [N, Q, D] and `kv` [N, T, 2 D] where only some tokens ask.
/// Output [N, Q, D]. Heads lie side by side in D.
struct AttentionOp: Op {
    static let name = "attention"
    let heads: Int
    let dropout: Float
    let backwardReads: BackwardReads

    init(heads: Int, dropout: Float, isPacked: Bool) {
        self.heads = heads
        self.dropout = dropout
        backwardReads = BackwardReads(inputs: isPacked ? [0] : [0, 1], outputs: [0])
    }

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        let layout = Layout(inputs, heads)
        return [[layout.samples, layout.queries, layout.width]]
    }

    /// The logarithm of each row's sum.
    func savedCount(_ inputs: [Shape]) -> Int {
        let layout = Layout(inputs, heads)
        return layout.samples * heads * layout.queries
    }

    func scratchCount(_ inputs: [Shape], threads: Int) -> Int {
        let layout = Layout(inputs, heads)
        return 2 * layout.block * layout.keys + layout.block + (layout.queries)
    }

    func operations(_ inputs: [Shape]) -> Int {
        let layout = Layout(inputs, heads)
        return 4 * layout.samples * layout.queries * layout.keys * layout.width
    }

    /// The inputs, the gradient of the output, probabilities and their gradients.
    func factorCounts(_ inputs: [Shape]) -> [Int] {
        let layout = Layout(inputs, heads)
        return inputs.map(\.count) + [layout.samples * layout.queries * layout.width] + [1, 1].map { $0 * layout.block * layout.keys }
    }

    func forward(_ step: OpStep) {
        let layout = Layout(step.inputShapes, heads), mask = DropoutMask(step.isTraining ? dropout : 0)
        var factors = step.factors
        let inputs = layout.factors(step, &factors)
        let scores = step.scratch, inverse = step.scratch + layout.block * layout.keys
        for sample in 0..<layout.samples {
            for head in 0..<heads {
                let view = HeadView(layout, inputs, sample: sample, head: head)
                let key = layout.key(step, sample: sample, head: head)
                let saved = step.saved + (sample * heads + head) * layout.queries
                let output = step.outputs[0] + view.outputOffset
                for start in stride(from: 0, to: layout.queries, by: layout.block) {
                    let rows = min(layout.block, layout.queries - start)
                    layout.scores(view, start, rows, into: scores)
                    nn_softmax_block(
                        scores, Int64(rows), Int64(layout.keys), layout.scale, key, UInt32(truncatingIfNeeded: start * layout.keys),
                        mask.threshold, mask.scale, inverse, saved + start)
                    var block = factors
                    let weights = block.factor(scores, count: rows * layout.keys, stride: layout.keys)
                    Product.multiply(
                        m: rows, n: layout.size, k: layout.keys, weights, view.v, c: output + start * layout.width, ldc: layout.width,
                        by: .oneDNN)
                    for row in 0..<rows { nn_scale(output + (start + row) * layout.width, Int64(layout.size), inverse[row]) }
                }
            }
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        let layout = Layout(step.inputShapes, heads), mask = DropoutMask(step.isTraining ? dropout : 0)
        let targets = layout.prepare(step)
        var factors = step.factors
        let inputs = layout.factors(step, &factors)
        let aboveAll = factors.factor(gradient, count: step.outputShapes[0].count, stride: layout.width)
        let scores = step.scratch, slopes = scores + layout.block * layout.keys, delta = slopes + layout.block * layout.keys
        for sample in 0..<layout.samples {
            for head in 0..<heads {
                let view = HeadView(layout, inputs, sample: sample, head: head)
                let key = layout.key(step, sample: sample, head: head)
                let saved = step.saved + (sample * heads + head) * layout.queries
                let (output, above) = (step.outputs[0] + view.outputOffset, aboveAll.from(view.outputOffset))
                nn_row_dots(
                    output, Int64(layout.width), above.values, Int64(layout.width), Int64(layout.queries), Int64(layout.size), delta)
                for start in stride(from: 0, to: layout.queries, by: layout.block) {
                    let rows = min(layout.block, layout.queries - start), from = above.from(start * layout.width)
                    layout.scores(view, start, rows, into: scores)
                    Product.multiply(
                        m: rows, n: layout.keys, k: layout.size, from, view.v.transposed, c: slopes, ldc: layout.keys, by: .oneDNN)
                    nn_softmax_block_gradient(
                        scores, slopes, Int64(rows), Int64(layout.keys), layout.scale, saved + start, delta + start, key,
                        UInt32(truncatingIfNeeded: start * layout.keys), mask.threshold, mask.scale)
                    var block = factors
                    let slope = block.factor(slopes, count: rows * layout.keys, stride: layout.keys)
                    if let q = targets.q {
                        Product.multiply(
                            m: rows, n: layout.size, k: layout.keys, slope, view.k, beta: 1,
                            c: q + view.queryOffset + start * view.q.stride, ldc: view.q.stride, by: .oneDNN)
                    }
                    guard let k = targets.k, let v = targets.v else { continue }
                    Product.multiply(
                        m: layout.keys, n: layout.size, k: rows, slope.transposed, view.q.from(start * view.q.stride), beta: 1,
                        c: k + view.keyOffset, ldc: view.k.stride, by: .oneDNN)
                    let weights = block.factor(scores, count: rows * layout.keys, stride: layout.keys)
                    Product.multiply(
                        m: layout.keys, n: layout.size, k: rows, weights.transposed, from, beta: 1, c: v + view.keyOffset,
                        ldc: view.k.stride, by: .oneDNN)
                }
            }
        }
    }

    /// The sizes of a call.
    struct Layout {
        let isPacked: Bool
        let samples: Int
        let queries: Int
        let keys: Int
        /// All heads.
        let width: Int
        /// One head.
        let size: Int
        let scale: Float
        /// Queries at a time: as many as keep a block of scores within the second-level cache.
        var block: Int { max(1, min(queries, 128)) }

        init(_ inputs: [Shape], _ heads: Int) {
            isPacked = inputs.count == 1
            let keyShape = inputs[inputs.count - 1]
            precondition(
                inputs.count <= 2 && inputs.allSatisfy { $0.rank == 3 },
                "attention takes [N, T, 3 D], or [N, Q, D] and [N, T, 2 D], not \(inputs).")
            width = keyShape[2] / (isPacked ? 3 : 2)
            precondition(
                keyShape[2] == width * (isPacked ? 3 : 2) && width % heads == 0
                    && (isPacked || inputs[0][2] == width && inputs[0][0] == keyShape[0]),
                "attention with \(heads) heads takes [N, T, 3 D], or [N, Q, D] and [N, T, 2 D], not \(inputs).")
            samples = keyShape[0]
            keys = keyShape[1]
            queries = inputs[0][1]
            size = width / heads
            scale = 1 / Float(size).squareRoot()
        }

        func key(_ step: OpStep, sample: Int, head: Int) -> UInt64 {
            DropoutMask.key(step, sample: sample) &+ UInt64(head) &* 0xBF58_476D_1CE4_E5B9
        }

        func scores(_ view: HeadView, _ start: Int, _ rows: Int, into scores: UnsafeMutablePointer<Float>) {
            Product.multiply(
                m: rows, n: keys, k: size, view.q.from(start * view.q.stride), view.k.transposed, c: scores, ldc: keys, by: .oneDNN)
        }

        /// The inputs as factors.
        func factors(_ step: OpStep, _ maker: inout FactorMaker) -> [Factor] {
            zip(step.inputs, step.inputShapes).map { maker.factor($0, count: $1.count, stride: $1[2]) }
        }

        /// The gradients of q, k and v, set to zero where they are not added to.
        func prepare(_ step: OpStep) -> (q: UnsafeMutablePointer<Float>?, k: UnsafeMutablePointer<Float>?, v: UnsafeMutablePointer<Float>?)
        {
            for (target, shape) in zip(step.inputGradients, step.inputShapes) {
                if let target, !target.accumulates { target.pointer.update(repeating: 0, count: shape.count) }
            }
            let q = step.inputGradients[0]?.pointer
            let k = isPacked ? q.map { $0 + width } : step.inputGradients[1]?.pointer
            return (q, k, k.map { $0 + width })
        }
    }

    /// Where one head of one sample lies.
    struct HeadView {
        let q: Factor
        let k: Factor
        let v: Factor
        let queryOffset: Int
        let keyOffset: Int
        let outputOffset: Int

        init(_ layout: Layout, _ inputs: [Factor], sample: Int, head: Int) {
            let (queries, keys) = (inputs[0], inputs[inputs.count - 1])
            queryOffset = sample * layout.queries * queries.stride + head * layout.size
            keyOffset = sample * layout.keys * keys.stride + head * layout.size
            outputOffset = (sample * layout.queries) * layout.width + head * layout.size
            q = queries.from(queryOffset)
            k = keys.from((layout.isPacked ? layout.width : 0) + keyOffset)
            v = k.from(layout.width)
        }
    }
}

/// Attention of packed queries, keys and values, [N, T, 3 D] to [N, T, D].
/// - Parameter dropout: of the probabilities.
public func attention(_ qkv: Tensor, heads: Int, dropout: Float) -> Tensor {
    qkv.graph.apply(AttentionOp(heads: heads, dropout: dropout, isPacked: true), qkv)
}
