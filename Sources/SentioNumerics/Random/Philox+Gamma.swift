import Foundation

extension Philox {
    /// A number of the gamma distribution with scale 1 (Marsaglia and Tsang 2000; shapes below 1 by their boost).
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

    /// A number in [0, 1] of the beta distribution.
    ///
    /// - Precondition: both parameters are positive.
    public mutating func nextBeta(_ a: Double, _ b: Double) -> Double {
        let x = nextGamma(shape: a), y = nextGamma(shape: b)
        // Tiny shapes can make both vanish; then the numbers lie at the ends.
        return x + y > 0 ? x / (x + y) : nextDouble() * (a + b) < a ? 1 : 0
    }
}
