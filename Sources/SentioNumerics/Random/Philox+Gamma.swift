import Foundation

extension Philox {
    /// A random number from the gamma distribution with scale 1 (Marsaglia and Tsang 2000, with their boost for shapes
    /// below 1).
    ///
    /// - Precondition: `shape > 0`.
    public mutating func nextGamma(shape: Double) -> Double {
        precondition(shape > 0, "A gamma distribution needs a positive shape.")
        if shape < 1 { return nextGamma(shape: shape + 1) * pow(1 - nextDouble(), 1 / shape) }
        let d = shape - 1.0 / 3, c = 1 / (9 * d).squareRoot()
        while true {
            let x = nextNormal(), v = 1 + c * x
            guard v > 0 else { continue }
            let cube = v * v * v, u = 1 - nextDouble()
            if log(u) < 0.5 * x * x + d - d * cube + d * log(cube) { return d * cube }
        }
    }

    /// A random number from the beta distribution, in [0, 1].
    ///
    /// - Precondition: both parameters are positive.
    public mutating func nextBeta(_ a: Double, _ b: Double) -> Double {
        let x = nextGamma(shape: a), y = nextGamma(shape: b)
        // With tiny parameters both can underflow to 0; the distribution is then concentrated at the ends.
        return x + y > 0 ? x / (x + y) : nextDouble() * (a + b) < a ? 1 : 0
    }
}
