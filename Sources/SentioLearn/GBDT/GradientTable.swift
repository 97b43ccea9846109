/// The gradients and hessians of one target in one round: in single precision, and quantized for histograms.
///
/// A quantized pair is one 64-bit number (see tree_kernels.h). Its scales are powers of two chosen from the sums of
/// magnitudes, so that no sum overflows 32 bits and a typical gradient keeps about 31 - log2(rows) bits. Splits are
/// chosen by these sums; leaf values, gains and covers come from more precise ones (`exact`).
final class GradientTable {
    let rows: Int
    let gradients: NumberBuffer<Float>
    let hessians: NumberBuffer<Float>
    /// The value of one quantum.
    private(set) var gradientUnit = 1.0, hessianUnit = 1.0
    private let loss: any BoostingLoss
    private let hasUnitHessian: Bool
    private var gradientScale = 1.0, hessianScale = 1.0
    private var exactGradientScale = 1.0, exactHessianScale = 1.0

    init(loss: any BoostingLoss, rows: Int) {
        self.loss = loss
        self.rows = rows
        hasUnitHessian = type(of: loss).hasUnitHessian
        gradients = NumberBuffer(rows)
        hessians = NumberBuffer(hasUnitHessian ? 0 : rows)
    }

    /// Computes the derivatives at these predictions and returns the mean loss.
    func update(predictions: UnsafePointer<Float>, targets: UnsafePointer<Float>, threads: Int) -> Double {
        let parts = (rows + RowParts.size - 1) / RowParts.size
        var sums = [LossSums](repeating: LossSums(), count: parts)
        sums.withUnsafeMutableBufferPointer { sums in
            RowParts.forEach(rows, threads: threads) { part, range in
                sums[part] = loss.differentiate(
                    predictions: predictions, targets: targets, rows: range, gradients: gradients.start,
                    hessians: hessians.start)
            }
        }
        let largest = sums.reduce(0) { max($0, $1.largestGradient) }
        gradientScale = scale(gradients.start, largest: largest, threads: threads)
        gradientUnit = 1 / gradientScale
        exactGradientScale = ExactSum.scale(magnitude: Double(largest), count: rows, bits: 62)
        if !hasUnitHessian {
            hessianScale = scale(
                hessians.start, largest: sums.reduce(0) { max($0, $1.largestHessian) }, threads: threads)
            hessianUnit = 1 / hessianScale
            exactHessianScale = ExactSum.scale(magnitude: 1, count: rows, bits: 62)
        }
        return sums.reduce(0) { $0 + $1.loss } / Double(rows)
    }

    /// The power of two such that the scaled magnitudes, each rounded up, sum to less than 2^31.
    private func scale(_ numbers: UnsafePointer<Float>, largest: Float, threads: Int) -> Double {
        guard largest > 0 else { return 1 }
        let fine = ExactSum.scale(magnitude: Double(largest), count: rows, bits: 61)
        var sums = [Int64](repeating: 0, count: (rows + RowParts.size - 1) / RowParts.size)
        sums.withUnsafeMutableBufferPointer { sums in
            RowParts.forEach(rows, threads: threads) { part, range in
                var sum: Int64 = 0
                for row in range { sum += Int64(Double(numbers[row].magnitude) * fine) + 1 }
                sums[part] = sum
            }
        }
        let sum = Double(sums.reduce(0, +)) / fine
        let room = 0x1p31 - Double(rows) - 1
        return Double(sign: .plus, exponent: min(1000, Int((room / sum).exponent)), significand: 1)
    }

    /// The quantized pairs of these rows, in their order. A hessian is never rounded to 0.
    func quantize(_ rows: UnsafePointer<UInt32>, count: Int, into pairs: UnsafeMutablePointer<Int64>, threads: Int) {
        let gradients = gradients.start, hessians = hessians.start, gradientScale = gradientScale,
            hessianScale = hessianScale
        let hasUnitHessian = hasUnitHessian
        RowParts.forEach(count, threads: threads) { _, range in
            for index in range {
                let row = Int(rows[index])
                let gradient = Int64((Double(gradients[row]) * gradientScale).rounded(.toNearestOrEven))
                let hessian = hasUnitHessian ? 1 : max(1, Int64(Double(hessians[row]) * hessianScale))
                pairs[index] = gradient << 32 + hessian
            }
        }
    }

    /// Sums over some rows with about 60 bits; such sums can be added exactly.
    func exact(_ rows: some Sequence<Int>) -> ExactPair {
        var gradient: Int64 = 0, hessian: Int64 = 0, count: Int64 = 0
        let hasUnitHessian = hasUnitHessian
        for row in rows {
            gradient += Int64((Double(gradients.start[row]) * exactGradientScale).rounded(.toNearestOrEven))
            if !hasUnitHessian { hessian += Int64(Double(hessians.start[row]) * exactHessianScale) }
            count += 1
        }
        return ExactPair(gradient: gradient, hessian: hasUnitHessian ? count : hessian)
    }

    /// The real values of exact sums.
    func real(_ pair: ExactPair) -> (gradient: Double, hessian: Double) {
        (
            Double(pair.gradient) / exactGradientScale,
            hasUnitHessian ? Double(pair.hessian) : Double(pair.hessian) / exactHessianScale
        )
    }
}

/// Fixed-point sums of gradients and hessians.
struct ExactPair {
    var gradient: Int64 = 0
    var hessian: Int64 = 0

    static func + (left: ExactPair, right: ExactPair) -> ExactPair {
        ExactPair(gradient: left.gradient + right.gradient, hessian: left.hessian + right.hessian)
    }
}
