import Foundation

extension Philox {
    /// A uniform integer in 0..<bound (Lemire's multiplication with rejection, 2019). Bounds below 2^32 take one 32-bit
    /// word per attempt, larger ones 64 bits.
    ///
    /// - Precondition: `bound > 0`.
    public mutating func nextInt(below bound: Int) -> Int {
        precondition(bound > 0, "A random integer needs a positive bound.")
        if let narrow = UInt32(exactly: bound) {
            var product = UInt64(nextUInt32()) * UInt64(narrow)
            if UInt32(truncatingIfNeeded: product) < narrow {
                let threshold = (0 &- narrow) % narrow
                while UInt32(truncatingIfNeeded: product) < threshold {
                    product = UInt64(nextUInt32()) * UInt64(narrow)
                }
            }
            return Int(product >> 32)
        }
        let wide = UInt64(bound)
        let threshold = (0 &- wide) % wide
        var product = wide.multipliedFullWidth(by: next() as UInt64)
        while product.low < threshold { product = wide.multipliedFullWidth(by: next() as UInt64) }
        return Int(product.high)
    }

    /// A uniform double in [0, 1) with 53 random bits.
    public mutating func nextDouble() -> Double {
        Double((next() as UInt64) >> 11) * 0x1p-53
    }

    /// A normally distributed double with mean 0 and standard deviation 1 (Box-Muller; the second number of a pair is
    /// kept for the next call). The bits are the same wherever the C library's `log`, `sin` and `cos` are the same.
    public mutating func nextNormal() -> Double {
        if let spare = spareNormal {
            spareNormal = nil
            return spare
        }
        // 1 - u is in (0, 1], so the logarithm is finite.
        let radius = (-2 * log(1 - nextDouble())).squareRoot()
        let angle = 2 * Double.pi * nextDouble()
        spareNormal = radius * sin(angle)
        return radius * cos(angle)
    }

    /// Puts the elements into random order, with all orders equally likely (Fisher-Yates from the end).
    mutating func shuffle<Element>(_ elements: inout [Element]) {
        var last = elements.count - 1
        while last > 0 {
            elements.swapAt(last, nextInt(below: last + 1))
            last -= 1
        }
    }

    /// 0..<count in random order.
    public mutating func permutation(_ count: Int) -> [Int] {
        var indices = Array(0..<count)
        shuffle(&indices)
        return indices
    }
}
