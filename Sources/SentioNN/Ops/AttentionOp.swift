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

    func forward(_ step: OpStep) {
        let layout = Layout(step.inputShapes, heads), mask = DropoutMask(step.isTraining ? dropout : 0)
        let scores = step.scratch, inverse = step.scratch + layout.block * layout.keys
        for sample in 0..<layout.samples {
            for head in 0..<heads {
                let view = HeadView(layout, step, sample: sample, head: head)
                let key = layout.key(step, sample: sample, head: head)
                let saved = step.saved + (sample * heads + head) * layout.queries
                let output = step.outputs[0] + view.outputOffset
                for start in stride(from: 0, to: layout.queries, by: layout.block) {
                    let rows = min(layout.block, layout.queries - start)
                    layout.scores(view, start, rows, into: scores)
                    nn_softmax_block(
                        scores, Int64(rows), Int64(layout.keys), layout.scale, key, UInt32(truncatingIfNeeded: start * layout.keys),
                        mask.threshold, mask.scale, inverse, saved + start)
                    Product.multiply(
                        m: rows, n: layout.size, k: layout.keys, a: scores, lda: layout.keys, b: view.v, ldb: view.keyStride,
                        c: output + start * layout.width, ldc: layout.width)
                    for row in 0..<rows { nn_scale(output + (start + row) * layout.width, Int64(layout.size), inverse[row]) }
                }
            }
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        let layout = Layout(step.inputShapes, heads), mask = DropoutMask(step.isTraining ? dropout : 0)
        let targets = layout.prepare(step)
        let scores = step.scratch, slopes = scores + layout.block * layout.keys, delta = slopes + layout.block * layout.keys
        for sample in 0..<layout.samples {
            for head in 0..<heads {
                let view = HeadView(layout, step, sample: sample, head: head)
                let key = layout.key(step, sample: sample, head: head)
                let saved = step.saved + (sample * heads + head) * layout.queries
                let (output, above) = (step.outputs[0] + view.outputOffset, gradient + view.outputOffset)
                nn_row_dots(output, Int64(layout.width), above, Int64(layout.width), Int64(layout.queries), Int64(layout.size), delta)
                for start in stride(from: 0, to: layout.queries, by: layout.block) {
                    let rows = min(layout.block, layout.queries - start), from = above + start * layout.width
                    layout.scores(view, start, rows, into: scores)
                    Product.multiply(
                        m: rows, n: layout.keys, k: layout.size, a: from, lda: layout.width, b: view.v, transposeB: true,
                        ldb: view.keyStride, c: slopes, ldc: layout.keys)
                    nn_softmax_block_gradient(
                        scores, slopes, Int64(rows), Int64(layout.keys), layout.scale, saved + start, delta + start, key,
                        UInt32(truncatingIfNeeded: start * layout.keys), mask.threshold, mask.scale)
                    if let q = targets.q {
                        Product.multiply(
                            m: rows, n: layout.size, k: layout.keys, a: slopes, lda: layout.keys, b: view.k, ldb: view.keyStride,
                            beta: 1, c: q + view.queryOffset + start * view.queryStride, ldc: view.queryStride)
                    }
                    guard let k = targets.k, let v = targets.v else { continue }
                    Product.multiply(
                        m: layout.keys, n: layout.size, k: rows, a: slopes, transposeA: true, lda: layout.keys,
                        b: view.q + start * view.queryStride, ldb: view.queryStride, beta: 1, c: k + view.keyOffset, ldc: view.keyStride)
                    Product.multiply(
                        m: layout.keys, n: layout.size, k: rows, a: scores, transposeA: true, lda: layout.keys, b: from,
                        ldb: layout.width, beta: 1, c: v + view.keyOffset, ldc: view.keyStride)
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
                m: rows, n: keys, k: size, a: view.q + start * view.queryStride, lda: view.queryStride, b: view.k, transposeB: true,
                ldb: view.keyStride, c: scores, ldc: keys)
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
        let q: UnsafePointer<Float>
        let k: UnsafePointer<Float>
        let v: UnsafePointer<Float>
        let queryStride: Int
        let keyStride: Int
        let queryOffset: Int
        let keyOffset: Int
        let outputOffset: Int

        init(_ layout: Layout, _ step: OpStep, sample: Int, head: Int) {
            queryStride = layout.isPacked ? 3 * layout.width : layout.width
            keyStride = layout.isPacked ? 3 * layout.width : 2 * layout.width
            queryOffset = sample * layout.queries * queryStride + head * layout.size
            keyOffset = sample * layout.keys * keyStride + head * layout.size
            outputOffset = (sample * layout.queries) * layout.width + head * layout.size
            q = step.inputs[0] + queryOffset
            k = step.inputs[layout.isPacked ? 0 : 1] + (layout.isPacked ? layout.width : 0) + keyOffset
            v = k + layout.width
        }
    }
}
