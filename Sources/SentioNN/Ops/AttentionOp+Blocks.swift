import CNNKernels

/// Attention by a library's matrix products, a block of queries against all keys. For bfloat16, and for processors with
/// wider vectors than our tiles use.
extension AttentionOp {
    /// Floats of working memory.
    static func blockScratch(_ layout: Layout) -> Int { 2 * layout.block * layout.keys + layout.block + layout.queries }

    func forwardInBlocks(_ step: OpStep) {
        let layout = layout(step.inputShapes)
        var factors = step.factors
        let inputs = layout.factors(step, &factors)
        let scores = step.scratch, inverse = step.scratch + layout.block * layout.keys
        for sample in 0..<layout.samples {
            let count = keyCount(step, layout, sample: sample)
            for head in 0..<heads {
                let view = HeadView(layout, inputs, sample: sample, head: head)
                let mask = Mask(
                    step.isTraining ? dropout : 0, layout, key: layout.key(step, sample: sample, head: head))
                let saved = step.saved + (sample * heads + head) * layout.queries
                let output = step.outputs[0] + view.outputOffset
                for start in stride(from: 0, to: layout.queries, by: layout.block) {
                    let rows = min(layout.block, layout.queries - start)
                    layout.scores(view, start, rows, count, into: scores)
                    nn_softmax_block(
                        scores, Int64(rows), Int64(count), layout.scale, mask.key, mask.first(query: start),
                        mask.step,
                        mask.threshold, mask.scale, inverse, saved + start)
                    var block = factors
                    let weights = block.factor(scores, count: rows * count, stride: count)
                    Product.multiply(
                        m: rows, n: layout.size, k: count, weights, view.v, c: output + start * layout.width,
                        ldc: layout.width,
                        by: .oneDNN)
                    for row in 0..<rows {
                        nn_scale(output + (start + row) * layout.width, Int64(layout.size), inverse[row])
                    }
                }
            }
        }
    }

    func backwardInBlocks(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        let layout = layout(step.inputShapes)
        let targets = layout.prepare(step)
        var factors = step.factors
        let inputs = layout.factors(step, &factors)
        let aboveAll = factors.factor(gradient, count: step.outputShapes[0].count, stride: layout.width)
        let scores = step.scratch, slopes = scores + layout.block * layout.keys,
            delta = slopes + layout.block * layout.keys
        for sample in 0..<layout.samples {
            let count = keyCount(step, layout, sample: sample)
            for head in 0..<heads {
                let view = HeadView(layout, inputs, sample: sample, head: head)
                let mask = Mask(
                    step.isTraining ? dropout : 0, layout, key: layout.key(step, sample: sample, head: head))
                let saved = step.saved + (sample * heads + head) * layout.queries
                let (output, above) = (step.outputs[0] + view.outputOffset, aboveAll.from(view.outputOffset))
                nn_row_dots(
                    output, Int64(layout.width), above.values, Int64(layout.width), Int64(layout.queries),
                    Int64(layout.size), delta)
                for start in stride(from: 0, to: layout.queries, by: layout.block) {
                    let rows = min(layout.block, layout.queries - start), from = above.from(start * layout.width)
                    layout.scores(view, start, rows, count, into: scores)
                    Product.multiply(
                        m: rows, n: count, k: layout.size, from, view.v.transposed, c: slopes, ldc: count,
                        by: .oneDNN)
                    nn_softmax_block_gradient(
                        scores, slopes, Int64(rows), Int64(count), layout.scale, saved + start, delta + start,
                        mask.key,
                        mask.first(query: start), mask.step, mask.threshold, mask.scale)
                    var block = factors
                    let slope = block.factor(slopes, count: rows * count, stride: count)
                    if let q = targets.q {
                        Product.multiply(
                            m: rows, n: layout.size, k: count, slope, view.k, beta: 1,
                            c: q + view.queryOffset + start * view.q.stride, ldc: view.q.stride, by: .oneDNN)
                    }
                    guard let k = targets.k, let v = targets.v else { continue }
                    Product.multiply(
                        m: count, n: layout.size, k: rows, slope.transposed, view.q.from(start * view.q.stride),
                        beta: 1,
                        c: k + view.keyOffset, ldc: view.k.stride, by: .oneDNN)
                    let weights = block.factor(scores, count: rows * count, stride: count)
                    Product.multiply(
                        m: count, n: layout.size, k: rows, weights.transposed, from, beta: 1,
                        c: v + view.keyOffset,
                        ldc: view.k.stride, by: .oneDNN)
                }
            }
        }
    }
}
