import SentioBase
import SentioNumerics

/// The current rate of plain single-precision matrix products on this machine.
enum GemmPeak {
    /// 10⁹ operations per second of all threads together, each with its own square matrices; the best of ten rounds.
    static func gflops(threads: Int, side: Int = 1024) -> Double {
        let matrices = (0..<3 * threads).map { number in
            let matrix = AlignedFloats(count: side * side)
            for index in 0..<matrix.count { matrix.pointer[index] = Float((index &* 7919 &+ number) % 251) / 251 }
            return matrix
        }
        let seconds = NetworkMeasurement.shortest(of: 10) {
            Parallel.forEachUnchecked(threads, threads: threads) { thread, _ in
                BLAS.sgemm(
                    m: side, n: side, k: side, a: matrices[3 * thread].pointer, lda: side,
                    b: matrices[3 * thread + 1].pointer, ldb: side,
                    c: matrices[3 * thread + 2].pointer, ldc: side)
            }
        }
        return 2 * Double(threads * side * side * side) / seconds / 1e9
    }
}
