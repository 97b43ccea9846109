import CNNKernels
import COneDNN
import SentioNumerics

/// Matrix products on the calling thread, in the precision of their factors.
enum Product {
    /// The library for float32. On wide layers OpenBLAS is as good; for small or narrow matrices oneDNN is faster.
    enum Library { case openBLAS, oneDNN }

    /// Bytes that the libraries keep for each thread that multiplies: 1 to 3 MB with oneDNN 2.6 and OpenBLAS 0.3.21.
    static let bytesPerThread = 4 << 20

    /// c = a b + beta c, with a m x k, b k x n and c m x n with row stride `ldc`.
    ///
    /// - Precondition: the memory is as large as the dimensions imply.
    static func multiply(
        m: Int, n: Int, k: Int, _ a: Factor, _ b: Factor, beta: Float = 0, c: UnsafeMutablePointer<Float>, ldc: Int,
        by library: Library
    ) {
        if let left = a.rounded, let right = b.rounded {
            return BFloat16.multiply(
                BFloat16.Call(
                    transposeA: a.isTransposed, transposeB: b.isTransposed, m: m, n: n, k: k, a: left, lda: a.stride,
                    b: right,
                    ldb: b.stride, beta: beta, c: c, ldc: ldc))
        }
        switch library {
        case .openBLAS:
            BLAS.sgemm(
                m: m, n: n, k: k, a: a.values, transposeA: a.isTransposed, lda: a.stride, b: b.values,
                transposeB: b.isTransposed,
                ldb: b.stride, beta: beta, c: c, ldc: ldc)
        case .oneDNN:
            let status = onednn_product(
                a.isTransposed ? 1 : 0, b.isTransposed ? 1 : 0, Int64(m), Int64(n), Int64(k), 1, a.values,
                Int64(a.stride), b.values,
                Int64(b.stride), beta, c, Int64(ldc))
            precondition(status == 0, "oneDNN refuses a product of \(m) x \(k) by \(k) x \(n) with status \(status).")
        }
    }
}

/// One side of a product.
struct Factor {
    private(set) var values: UnsafePointer<Float>
    /// The same numbers rounded to bfloat16, in the same layout; nil in float32.
    private(set) var rounded: UnsafePointer<UInt16>?
    /// From row to row.
    let stride: Int
    private(set) var isTransposed = false

    init(_ values: UnsafePointer<Float>, rounded: UnsafePointer<UInt16>? = nil, stride: Int) {
        (self.values, self.rounded, self.stride) = (values, rounded, stride)
    }

    /// Without the first elements.
    func from(_ offset: Int) -> Factor {
        var part = self
        part.values += offset
        part.rounded = rounded.map { $0 + offset }
        return part
    }

    var transposed: Factor {
        var other = self
        other.isTransposed.toggle()
        return other
    }
}

/// Makes factors from a step's numbers: as they are, or with a rounded copy in the step's working memory. A copy of
/// this value uses the memory that the original would use next.
struct FactorMaker {
    private var next: UnsafeMutablePointer<UInt16>?

    /// - Parameter memory: as many floats as `floats` returns; nil for float32.
    init(_ memory: UnsafeMutablePointer<Float>?) {
        next = memory.map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: UInt16.self) }
    }

    /// A factor of `count` numbers with row stride `stride`.
    mutating func factor(_ values: UnsafePointer<Float>, count: Int, stride: Int) -> Factor {
        guard let place = next else { return Factor(values, stride: stride) }
        nn_round_bf16(values, Int64(count), place)
        next = place + Self.padded(count)
        return Factor(values, rounded: place, stride: stride)
    }

    /// Floats of memory for factors of these lengths.
    static func floats(_ counts: [Int]) -> Int { counts.reduce(0) { $0 + padded($1) } / 2 }

    private static func padded(_ count: Int) -> Int { (count + 31) / 32 * 32 }
}
