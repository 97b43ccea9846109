/// Fixed-point sums: the same bits for every order of the numbers and every number of threads.
enum ExactSum {
    /// The largest power of two such that `count` numbers of at most this magnitude, scaled by it, sum to less than
    /// 2^bits.
    static func scale(magnitude: Double, count: Int, bits: Int) -> Double {
        guard magnitude > 0 else { return 1 }
        // At most 2^1020, so that the scale itself is finite; numbers that small are 0 in single precision anyway.
        let exponent = bits - Int(magnitude.exponent) - 1 - (Int.bitWidth - count.leadingZeroBitCount)
        return Double(sign: .plus, exponent: min(1020, exponent), significand: 1)
    }

    static func mean(_ numbers: UnsafeBufferPointer<Float>) -> Double {
        let magnitude = numbers.reduce(0) { max($0, $1.magnitude) }
        let scale = scale(magnitude: Double(magnitude), count: numbers.count, bits: 62)
        let sum = numbers.reduce(Int64(0)) { $0 + Int64((Double($1) * scale).rounded()) }
        return Double(sum) / scale / Double(numbers.count)
    }
}
