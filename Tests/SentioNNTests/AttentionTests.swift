import CNNKernels
@testable import SentioNN
import SentioNumerics
import Testing

/// Attention by tiles and by library products, the tiles themselves, and the masks.
@Suite struct AttentionTests {
    /// More keys than fit in a chunk, more queries than fit in a block, heads whose width is not a whole panel.
    @Test(arguments: [true, false], [Float(0), 0.3]) func tilesGiveWhatLibrariesGive(isPacked: Bool, dropout: Float) {
        let shapes: [Shape] = isPacked ? [[2, 211, 120]] : [[2, 3, 40], [2, 211, 80]]
        let benches = AttentionOp.Products.allCases.map { products in
            GradientBench(shapes, seed: 5, scale: 1) {
                $0[0].graph.apply(AttentionOp(heads: 2, dropout: dropout, isPacked: isPacked, products: products), $0)[
                    0]
            }
        }
        for bench in benches { bench.executor.run(key: 9) }
        let values = benches.map { Array($0.executor.value($0.output)) }
        let gradients = benches.map {
            Array(UnsafeBufferPointer(start: $0.gradients.pointer, count: $0.gradients.count))
        }
        #expect(TorchFixture.difference(values[1], values[0]) < 1e-5)
        #expect(TorchFixture.difference(gradients[1], gradients[0]) < 1e-5)
        #expect(gradients[0].contains { abs($0) > 0.1 })
    }

    @Test(arguments: AttentionOp.Products.allCases) func gradientsOfEither(_ products: AttentionOp.Products) {
        checkGradients([[1, 197, 6]]) {
            $0[0].graph.apply(AttentionOp(heads: 1, dropout: 0.3, isPacked: true, products: products), $0)[0]
        }
    }

    /// If only q, or only k and v, want gradients, the others are not computed and these stay the same.
    @Test(arguments: AttentionOp.Products.allCases) func oneTokenAsksAll(_ products: AttentionOp.Products) {
        checkGradients([[2, 1, 34], [2, 19, 68]]) {
            $0[0].graph.apply(AttentionOp(heads: 2, dropout: 0, isPacked: false, products: products), $0)[0]
        }
    }

    /// Padding differs from sample to sample; one sample has none.
    @Test(arguments: AttentionOp.Products.allCases, [true, false]) func gradientsWithPadding(
        _ products: AttentionOp.Products, isPacked: Bool
    ) {
        checkGradients(isPacked ? [[2, 37, 24]] : [[2, 3, 8], [2, 37, 16]]) { x in
            let lengths = x[0].graph.apply(LengthsOp(lengths: [19, 37]), x[0])
            let op = AttentionOp(heads: 2, dropout: 0.3, isPacked: isPacked, isMasked: true, products: products)
            return x[0].graph.apply(op, x + [lengths])[0]
        }
    }

    /// With padding, values and gradients are those without the padded tokens, and these have no gradient.
    @Test(arguments: AttentionOp.Products.allCases) func paddingIsNotSeen(_ products: AttentionOp.Products) {
        let benches = [true, false].map { isMasked in
            GradientBench([[2, 230, 24]], seed: 5, scale: 1) { x in
                let graph = x[0].graph
                let op = AttentionOp(heads: 2, dropout: 0, isPacked: true, isMasked: isMasked, products: products)
                guard isMasked else { return graph.apply(op, [x[0].tokens(0..<197)])[0] }
                let lengths = graph.apply(LengthsOp(lengths: [197, 197]), x[0])
                return graph.apply(op, [x[0], lengths])[0].tokens(0..<197)
            }
        }
        for bench in benches { bench.executor.run(key: 9) }
        let values = benches.map { Array($0.executor.value($0.output)) }
        let gradients = benches.map {
            Array(UnsafeBufferPointer(start: $0.gradients.pointer, count: $0.gradients.count))
        }
        #expect(TorchFixture.difference(values[0], values[1]) < 1e-6)
        #expect(TorchFixture.difference(gradients[0], gradients[1]) < 1e-6)
        #expect(gradients[0].contains { abs($0) > 0.1 })
        let isUntouched = gradients[0][(197 * 24)..<(230 * 24)].allSatisfy { $0 == 0 }
        #expect(isUntouched)
    }

    /// All remainders of rows and columns, either orientation of `a`, either packing of `b`; nothing beside c is
    /// written.
    @Test(arguments: [true, false]) func tilesAreProducts(adds: Bool) {
        for (rows, columns, depth) in [
            (1, 1, 1), (2, 15, 3), (5, 16, 4), (6, 17, 9), (7, 33, 5), (13, 48, 7), (9, 20, 66),
        ] {
            let a = (0..<rows * depth).map { Float(($0 * 37) % 19) - 9 },
                b = (0..<depth * columns).map { Float(($0 * 53) % 23) - 11 }
            let transposed = (0..<columns * depth).map { b[$0 % depth * columns + $0 / depth] }
            let aTransposed = (0..<depth * rows).map { a[$0 % rows * depth + $0 / rows] }
            let padded = (columns + 15) / 16 * 16, stride = columns + 3
            var asRows = [Float](repeating: .nan, count: depth * padded), asPanels = asRows
            nn_pack_rows(b, Int64(columns), Int64(depth), Int64(columns), &asRows)
            nn_pack_columns(transposed, Int64(depth), Int64(columns), Int64(depth), &asPanels)
            let packings = [(asRows, Int64(padded), Int64(16)), (asPanels, 16, Int64(16 * depth))]
            for (values, row, step) in [(a, Int64(depth), Int64(1)), (aTransposed, 1, Int64(rows))] {
                for (right, rightDepth, panel) in packings {
                    var c = [Float](repeating: 5, count: rows * stride)
                    nn_tiles(
                        Int64(rows), Int64(columns), Int64(depth), values, row, step, right, rightDepth, panel, &c,
                        Int64(stride),
                        adds ? 1 : 0)
                    for i in 0..<rows {
                        for j in 0..<stride {
                            let product = (0..<depth).reduce(Float(0)) {
                                $0 + a[i * depth + $1] * b[$1 * columns + min(j, columns - 1)]
                            }
                            #expect(
                                c[i * stride + j] == (j < columns ? product + (adds ? 5 : 0) : 5),
                                "\(rows) x \(columns) x \(depth)")
                        }
                    }
                }
            }
        }
    }

    /// Both halves of the random bits drop at the given rate; rows and keys have different masks; the backward pass
    /// sees the mask of the forward pass, whatever its chunks.
    @Test func masks() {
        let layout = AttentionOp.Layout([[1, 333, 3 * 8]], 1), rows = 300, keys = 333
        let mask = AttentionOp.Mask(0.3, layout, key: 77)
        func dropped(_ mask: AttentionOp.Mask) -> [Bool] {
            var scores = [Float](repeating: 0, count: rows * keys), inverse = [Float](repeating: 0, count: rows),
                sums = inverse
            nn_softmax_block(
                &scores, Int64(rows), Int64(keys), 1, mask.key, mask.first(query: 5), mask.step, mask.threshold,
                mask.scale, &inverse, &sums
            )
            #expect(scores.allSatisfy { $0 == 0 || abs($0 - 1 / 0.7) < 1e-4 })
            #expect(inverse.allSatisfy { abs($0 * Float(keys) - 1) < 1e-4 })
            return scores.map { $0 == 0 }
        }
        let found = dropped(mask)
        for half in 0..<2 {
            let part = found.indices.filter { $0 % keys % 16 / 8 == half }
            #expect(abs(Double(part.count { found[$0] }) / Double(part.count) - 0.3) < 0.01)
        }
        let neighbors = found.indices.dropLast(keys).count { found[$0] && found[$0 + keys] }
        #expect(abs(Double(neighbors) / Double(found.count - keys) - 0.09) < 0.01)
        let halves = found.indices.filter { $0 % keys % 16 < 8 && $0 % keys < 320 }
        #expect(abs(Double(halves.count { found[$0] && found[$0 + 8] }) / Double(halves.count) - 0.09) < 0.01)
        #expect(found != dropped(AttentionOp.Mask(0.3, layout, key: 78)))
        for (start, end) in [(0, 192), (192, 333)] {
            let columns = end - start, sums = [Float](repeating: 0, count: rows)
            var scores = [Float](repeating: 0, count: rows * columns), slopes = scores
            nn_softmax_block_gradient(
                &scores, &slopes, Int64(rows), Int64(columns), 1, sums, sums, mask.key,
                mask.first(query: 5, key: start), mask.step,
                mask.threshold, mask.scale)
            #expect(
                scores.indices.allSatisfy { (scores[$0] == 0) == found[$0 / columns * keys + start + $0 % columns] })
        }
    }
}

/// Numbers of tokens, one per sample, that depend on nothing.
private struct LengthsOp: Op {
    static let name = "lengths"
    let lengths: [Float]
    let backwardReads = BackwardReads()
    var blocksGradient: Bool { true }
    func outputShapes(_ inputs: [Shape]) -> [Shape] { [[lengths.count]] }
    func forward(_ step: OpStep) { for sample in lengths.indices { step.outputs[0][sample] = lengths[sample] } }
    func backward(_ step: OpStep) {}
}
