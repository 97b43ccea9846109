import CNNKernels
import COneDNN

/// Matrix products of numbers rounded to bfloat16, summed in float32.
enum BFloat16 {
    /// c = op(a) op(b) + beta c, with op(a) m x k and op(b) k x n; leading dimensions are row strides.
    struct Call {
        var transposeA = false, transposeB = false
        var m: Int, n: Int, k: Int
        var a: UnsafePointer<UInt16>, lda: Int
        var b: UnsafePointer<UInt16>, ldb: Int
        var beta: Float
        var c: UnsafeMutablePointer<Float>, ldc: Int
    }

    /// Whether this processor has bfloat16 arithmetic and oneDNN uses it correctly: once, a small product is compared
    /// with that of plain loops.
    static let isNative = onednn_has_bf16() != 0 && isRight(native)

    /// Multiplies on the calling thread: with oneDNN, or else by plain loops, which are fit for tests only.
    static func multiply(_ call: Call) {
        guard isNative else { return plain(call) }
        let status = native(call)
        precondition(
            status == 0,
            "oneDNN refuses a bfloat16 product of \(call.m) x \(call.k) by \(call.k) x \(call.n): status \(status).")
    }

    /// Returns oneDNN's status.
    static func native(_ call: Call) -> Int32 {
        onednn_product_bf16(
            call.transposeA ? 1 : 0, call.transposeB ? 1 : 0, Int64(call.m), Int64(call.n), Int64(call.k), call.a,
            Int64(call.lda), call.b,
            Int64(call.ldb), call.beta, call.c, Int64(call.ldc))
    }

    static func plain(_ call: Call) {
        nn_bf16_product(
            call.transposeA ? 1 : 0, call.transposeB ? 1 : 0, Int64(call.m), Int64(call.n), Int64(call.k), call.a,
            Int64(call.lda), call.b,
            Int64(call.ldb), call.beta, call.c, Int64(call.ldc))
    }

    /// Whether an implementation agrees with the plain loops, transposed or not, for odd sizes. It returns 0 for
    /// success.
    static func isRight(_ multiply: (Call) -> Int32) -> Bool {
        let (m, n, k) = (33, 19, 37)
        let values = (0..<2 * k * m).map { Float(($0 * 7919) % 251) / 83 - 1.5 }
        var rounded = [UInt16](repeating: 0, count: values.count)
        nn_round_bf16(values, Int64(values.count), &rounded)
        return rounded.withUnsafeBufferPointer { factor in
            guard let factor = factor.baseAddress else { return false }
            return [(false, false), (false, true), (true, false), (true, true)].allSatisfy { transposeA, transposeB in
                var found = [Float](repeating: 0.5, count: m * (n + 2)), expected = found
                func run(_ c: inout [Float], _ body: (Call) -> Int32) -> Bool {
                    c.withUnsafeMutableBufferPointer { c in
                        guard let c = c.baseAddress else { return false }
                        return body(
                            Call(
                                transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, a: factor,
                                lda: (transposeA ? m : k) + 3, b: factor + 5, ldb: (transposeB ? k : n) + 1, beta: 1,
                                c: c, ldc: n + 2))
                            == 0
                    }
                }
                guard run(&found, multiply) else { return false }
                _ = run(&expected) {
                    plain($0)
                    return 0
                }
                return zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-3 }
            }
        }
    }
}
