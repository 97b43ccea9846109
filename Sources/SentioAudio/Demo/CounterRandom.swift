import Foundation

/// Random numbers as a pure function of (seed, stream, counter), mixed by SplitMix64's finalizer. Song 7 does not
/// change if song 3 draws more numbers.
struct CounterRandom {
    private let key: UInt64
    private var counter: UInt64 = 0

    init(seed: UInt64, stream: UInt64) {
        key = Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15 &* (stream &+ 1))
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    /// Uniform in [0, 1).
    mutating func uniform() -> Double {
        counter &+= 1
        return Double(Self.mix(key &+ counter &* 0x9E37_79B9_7F4A_7C15) >> 11) * 0x1p-53
    }

    mutating func uniform(_ range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
    }

    mutating func below(_ count: Int) -> Int { min(Int(uniform() * Double(count)), count - 1) }

    /// Mean 0, standard deviation 1 (Box-Muller).
    mutating func normal() -> Double {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return radius * cos(2 * Double.pi * uniform())
    }
}
