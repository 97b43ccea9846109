import CNNKernels

/// Attention by our own tiles: keys and values, which every query needs, are packed once per head, where a library
/// packs them again for each product. Apart from rounding, the numbers are those of the blocks.
extension AttentionOp {
    /// Sizes and the layout of the working memory.
    struct Tiles {
        let layout: Layout
        /// The width of a head, rounded up to whole panels.
        let width: Int
        /// Queries per block: whole tiles of six, with scores that fill at most half of an L2 cache in the forward
        /// pass.
        var forwardBlock: Int { min(layout.queries, 48) }
        var block: Int { min(layout.queries, 96) }
        /// Keys per block in the backward pass, which holds scores and slopes side by side: whole panels of 16.
        var chunk: Int { min(layout.keys, 192) }
        private var panels: Int { (layout.keys + 15) / 16 * 16 * layout.size }
        private var rows: Int { layout.keys * width }

        init(_ layout: Layout) {
            self.layout = layout
            width = (layout.size + 15) / 16 * 16
        }

        /// The parts of the working memory: a block's queries and output gradients; keys and values, as rows and as
        /// panels; scores and slopes; one number per query.
        func parts(_ memory: UnsafeMutablePointer<Float>) -> [UnsafeMutablePointer<Float>] {
            var next = memory
            return counts.map { count in
                defer { next += MemoryPlan.padded(count) }
                return next
            }
        }

        var scratchCount: Int { counts.reduce(0) { $0 + MemoryPlan.padded($1) } }

        private var counts: [Int] {
            [
                block * width, block * width, rows, panels, panels, max(forwardBlock * layout.keys, block * chunk),
                block * chunk,
                layout.queries,
            ]
        }
    }

    func forwardInTiles(_ step: OpStep) {
        let layout = layout(step.inputShapes), tiles = Tiles(layout)
        var factors = step.factors
        let inputs = layout.factors(step, &factors), memory = tiles.parts(step.scratch)
        let (queries, values, keys, scores, inverse) = (memory[0], memory[2], memory[3], memory[5], memory[7])
        let (size, width) = (Int64(layout.size), Int64(tiles.width))
        for sample in 0..<layout.samples {
            let count = keyCount(step, layout, sample: sample)
            for head in 0..<heads {
                let view = HeadView(layout, inputs, sample: sample, head: head)
                let mask = Mask(
                    step.isTraining ? dropout : 0, layout, key: layout.key(step, sample: sample, head: head))
                let saved = step.saved + (sample * heads + head) * layout.queries
                nn_pack_columns(view.k.values, Int64(view.k.stride), Int64(count), size, keys)
                nn_pack_rows(view.v.values, Int64(view.v.stride), Int64(count), size, values)
                for start in stride(from: 0, to: layout.queries, by: tiles.forwardBlock) {
                    let rows = min(tiles.forwardBlock, layout.queries - start)
                    nn_pack_rows(
                        view.q.values + start * view.q.stride, Int64(view.q.stride), Int64(rows), size, queries)
                    nn_tiles(
                        Int64(rows), Int64(count), size, queries, width, 1, keys, 16, 16 * size, scores,
                        Int64(count), 0)
                    nn_softmax_block(
                        scores, Int64(rows), Int64(count), layout.scale, mask.key, mask.first(query: start),
                        mask.step,
                        mask.threshold, mask.scale, inverse, saved + start)
                    let output = step.outputs[0] + view.outputOffset + start * layout.width
                    nn_tiles(
                        Int64(rows), size, Int64(count), scores, Int64(count), 1, values, width, 16, output,
                        Int64(layout.width), 0)
                    for row in 0..<rows { nn_scale(output + row * layout.width, size, inverse[row]) }
                }
            }
        }
    }

    func backwardInTiles(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        let layout = layout(step.inputShapes), tiles = Tiles(layout)
        let targets = layout.prepare(step)
        var factors = step.factors
        let inputs = layout.factors(step, &factors), memory = tiles.parts(step.scratch)
        let (queries, above, keyRows, keys, values) = (memory[0], memory[1], memory[2], memory[3], memory[4])
        let (scores, slopes, delta) = (memory[5], memory[6], memory[7])
        let (size, width, outputStride) = (Int64(layout.size), Int64(tiles.width), Int64(layout.width))
        for sample in 0..<layout.samples {
            let count = keyCount(step, layout, sample: sample)
            for head in 0..<heads {
                let view = HeadView(layout, inputs, sample: sample, head: head)
                let mask = Mask(
                    step.isTraining ? dropout : 0, layout, key: layout.key(step, sample: sample, head: head))
                let saved = step.saved + (sample * heads + head) * layout.queries
                let (keyStride, queryStride) = (Int64(view.k.stride), Int64(view.q.stride))
                nn_pack_rows(view.k.values, keyStride, Int64(count), size, keyRows)
                nn_pack_columns(view.k.values, keyStride, Int64(count), size, keys)
                nn_pack_columns(view.v.values, keyStride, Int64(count), size, values)
                nn_row_dots(
                    step.outputs[0] + view.outputOffset, outputStride, gradient + view.outputOffset, outputStride,
                    Int64(layout.queries), size, delta)
                for start in stride(from: 0, to: layout.queries, by: tiles.block) {
                    let rows = Int64(min(tiles.block, layout.queries - start))
                    nn_pack_rows(view.q.values + start * view.q.stride, queryStride, rows, size, queries)
                    nn_pack_rows(gradient + view.outputOffset + start * layout.width, outputStride, rows, size, above)
                    for first in stride(from: 0, to: count, by: tiles.chunk) {
                        let columns = Int64(min(tiles.chunk, count - first))
                        nn_tiles(
                            rows, columns, size, queries, width, 1, keys + first * layout.size, 16, 16 * size, scores,
                            columns, 0)
                        nn_tiles(
                            rows, columns, size, above, width, 1, values + first * layout.size, 16, 16 * size, slopes,
                            columns, 0)
                        nn_softmax_block_gradient(
                            scores, slopes, rows, columns, layout.scale, saved + start, delta + start, mask.key,
                            mask.first(query: start, key: first), mask.step, mask.threshold, mask.scale)
                        if let q = targets.q {
                            nn_tiles(
                                rows, size, columns, slopes, columns, 1, keyRows + first * tiles.width, width, 16,
                                q + view.queryOffset + start * view.q.stride, queryStride, 1)
                        }
                        guard let k = targets.k, let v = targets.v else { continue }
                        let place = view.keyOffset + first * view.k.stride
                        nn_tiles(columns, size, rows, slopes, 1, columns, queries, width, 16, k + place, keyStride, 1)
                        nn_tiles(columns, size, rows, scores, 1, columns, above, width, 16, v + place, keyStride, 1)
                    }
                }
            }
        }
    }
}
