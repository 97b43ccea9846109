import COneDNN

/// Single-precision products of small and slim matrices on the calling thread, through oneDNN.
enum Product {
    /// c = alpha op(a) op(b) + beta c, with op(a) m x k, op(b) k x n and c m x n; leading dimensions are row strides.
    ///
    /// - Precondition: the memory is as large as the dimensions say.
    static func multiply(
        m: Int, n: Int, k: Int, alpha: Float = 1, a: UnsafePointer<Float>, transposeA: Bool = false, lda: Int,
        b: UnsafePointer<Float>, transposeB: Bool = false, ldb: Int, beta: Float = 0, c: UnsafeMutablePointer<Float>, ldc: Int
    ) {
        let status = onednn_product(
            transposeA ? 1 : 0, transposeB ? 1 : 0, Int64(m), Int64(n), Int64(k), alpha, a, Int64(lda), b, Int64(ldb), beta, c, Int64(ldc))
        precondition(status == 0, "oneDNN refuses a product of \(m) x \(k) by \(k) x \(n) with status \(status).")
    }
}
