import COpenBLAS

/// Single-precision products of row-major matrices in raw memory, by OpenBLAS.
public enum BLAS {
    /// c = alpha op(a) op(b) + beta c, with op(a) m x k, op(b) k x n and c m x n; leading dimensions are row strides.
    ///
    /// - Precondition: dimensions fit in 32 bits, and the buffers are large enough for them.
    public static func sgemm(
        m: Int, n: Int, k: Int, alpha: Float = 1, a: UnsafePointer<Float>, transposeA: Bool = false, lda: Int,
        b: UnsafePointer<Float>, transposeB: Bool = false, ldb: Int, beta: Float = 0, c: UnsafeMutablePointer<Float>,
        ldc: Int
    ) {
        BLASThreads.apply()
        cblas_sgemm(
            CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans, blasSize(m),
            blasSize(n), blasSize(k), alpha, a, blasSize(lda), b, blasSize(ldb), beta, c, blasSize(ldc))
    }
}
