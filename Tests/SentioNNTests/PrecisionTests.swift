import CNNKernels
@testable import SentioNN
import SentioNumerics
import Testing

@Suite struct PrecisionTests {
    @Test func numbersAreRoundedToTheNearest() {
        func rounded(_ bits: UInt32) -> UInt32 {
            var out: UInt16 = 0
            withUnsafePointer(to: Float(bitPattern: bits)) { nn_round_bf16($0, 1, &out) }
            return UInt32(out) << 16
        }
        #expect(rounded(0x3F80_7FFF) == 0x3F80_0000 && rounded(0x3F80_8001) == 0x3F81_0000)
        // Ties to even.
        #expect(rounded(0x3F80_8000) == 0x3F80_0000 && rounded(0x3F81_8000) == 0x3F82_0000)
        #expect(
            rounded(Float.infinity.bitPattern) == Float.infinity.bitPattern
                && rounded((-Float(0)).bitPattern) == 0x8000_0000)
        #expect(Float(bitPattern: rounded(0x7F80_0001)).isNaN && Float(bitPattern: rounded(0xFFFF_FFFF)).isNaN)
        // The largest float32 lies nearer to 2^128 than to the largest bfloat16.
        #expect(rounded(Float.greatestFiniteMagnitude.bitPattern) == Float.infinity.bitPattern)
    }

    /// Mixed precision is float32 arithmetic on rounded factors, forward and backward, and nothing but the factors is
    /// rounded.
    @Test func linearRoundsItsFactorsAlone() {
        for rows in [nil, 3..<9] as [Range<Int>?] {
            let shapes: [Shape] = [[5, 23], [11, 23], [11]]
            let build: ([Tensor]) -> Tensor = { $0[0].graph.apply(LinearOp(hasBias: true, rows: rows), $0)[0] }
            let weights = rounded((0..<5 * (rows?.count ?? 11)).map { Float(($0 * 37) % 101) / 50 - 1 })
            let mixed = GradientBench(shapes, seed: 3, scale: 1, weights: weights, precision: .bfloat16, build)
            let plain = GradientBench(shapes, seed: 3, scale: 1, weights: weights, build)
            for entry in plain.parameters.entries.dropLast() {
                _ = plain.parameters[entry].update(from: rounded(plain.parameters[entry]))
            }
            #expect(
                Array(plain.parameters[plain.parameters.entries[0]])
                    != Array(mixed.parameters[mixed.parameters.entries[0]]))
            mixed.executor.run(key: 1)
            plain.executor.run(key: 1)
            #expect(
                TorchFixture.difference(mixed.executor.value(mixed.output), Array(plain.executor.value(plain.output)))
                    < 1e-5)
            let found = UnsafeBufferPointer(start: mixed.gradients.pointer, count: mixed.gradients.count)
            let expected = UnsafeBufferPointer(start: plain.gradients.pointer, count: plain.gradients.count)
            #expect(TorchFixture.difference(found, Array(expected)) < 1e-5)
        }
    }

    @Test func linearInMixedPrecisionIsPyTorchs() throws {
        try checkAgainstTorch("linear-bf16", tolerance: 1.2e-2, precision: .bfloat16) {
            $0[0].graph.apply(LinearOp(hasBias: true), $0)[0]
        }
    }

    @Test func attentionInMixedPrecisionIsPyTorchs() throws {
        try checkAgainstTorch("attention-bf16", tolerance: 8e-3, precision: .bfloat16) {
            attention($0[0], heads: 2, dropout: 0)
        }
    }

    /// Blocks of queries, a subset of tokens as queries, and masks: close to float32, but not the same.
    @Test(arguments: [true, false]) func attentionInMixedPrecisionIsNearFloat32(_ isPacked: Bool) {
        let shapes: [Shape] = isPacked ? [[2, 131, 24]] : [[2, 3, 8], [2, 131, 16]]
        let op = AttentionOp(heads: 2, dropout: 0.3, isPacked: isPacked)
        let benches = Precision.allCases.map { precision in
            GradientBench(shapes, seed: 5, scale: 1, precision: precision) { $0[0].graph.apply(op, $0)[0] }
        }
        for bench in benches { bench.executor.run(key: 9) }
        let values = benches.map { Array($0.executor.value($0.output)) }
        let gradients = benches.map {
            Array(UnsafeBufferPointer(start: $0.gradients.pointer, count: $0.gradients.count))
        }
        #expect(values[0] != values[1] && TorchFixture.difference(values[1], values[0]) < 2e-2)
        #expect(gradients[0] != gradients[1] && TorchFixture.difference(gradients[1], gradients[0]) < 5e-2)
    }

    /// A processor without bfloat16 arithmetic computes in float32; one with it is trusted only if its numbers are
    /// right.
    @Test func bfloat16IsNativeOnlyWhereItWorks() {
        #expect(Precision.float32.native == .float32)
        #expect(Precision.bfloat16.native == (BFloat16.isNative ? .bfloat16 : .float32))
        if BFloat16.isNative { #expect(BFloat16.isRight(BFloat16.native)) }
        #expect(
            BFloat16.isRight {
                BFloat16.plain($0); return 0
            })
        #expect(!BFloat16.isRight { _ in 3 })
        #expect(
            !BFloat16.isRight {
                var call = $0; swap(&call.a, &call.b); BFloat16.plain(call); return 0
            })
        #expect(
            !BFloat16.isRight {
                var call = $0; call.transposeB = false; BFloat16.plain(call); return 0
            })
        #expect(
            !BFloat16.isRight {
                var call = $0; call.beta = 0; BFloat16.plain(call); return 0
            })
    }

    /// Rounded factors take extra memory, half of float32's, and only in bfloat16.
    @Test func roundedFactorsArePlanned() {
        func bytes(_ precision: Precision) -> Int {
            let graph = Graph(), layer = Linear(64, 32)
            let parameters = graph.parameter(layer.weight).shape
            #expect(parameters == [32, 64])
            return Program(graph: graph, outputs: [layer(graph.input("x", [16, 64]))], precision: precision).arenaBytes
        }
        #expect(bytes(.bfloat16) - bytes(.float32) == 2 * (16 * 32 + 16 * 64 + 32 * 64))
    }

    private func rounded(_ values: some Collection<Float>) -> [Float] {
        let values = Array(values)
        var out = [UInt16](repeating: 0, count: values.count)
        nn_round_bf16(values, Int64(values.count), &out)
        return out.map { Float(bitPattern: UInt32($0) << 16) }
    }
}
