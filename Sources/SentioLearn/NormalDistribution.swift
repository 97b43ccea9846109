import Foundation

/// The standard normal distribution.
public enum NormalDistribution {
    /// The cumulative distribution function: the probability of a value below z.
    public static func cumulative(_ z: Double) -> Double {
        0.5 * erfc(-z / 2.0.squareRoot())
    }

    /// The inverse of `cumulative`, with a relative error of about 1e-15; -infinity for 0, infinity for 1, NaN outside
    /// 0...1.
    ///
    /// P. J. Acklam's rational approximation, refined by one step of Halley's method.
    public static func quantile(_ probability: Double) -> Double {
        guard probability > 0, probability < 1 else {
            return probability == 0 ? -.infinity : probability == 1 ? .infinity : .nan
        }
        // The upper half follows by symmetry, because a probability near 0 is more precise than one near 1.
        if probability > 0.5 { return -quantile(1 - probability) }
        let z = approximateQuantile(probability)
        let error = cumulative(z) - probability
        let step = error * (2 * Double.pi).squareRoot() * exp(z * z / 2)
        return z - step / (1 + z * step / 2)
    }

    /// `quantile`, clipped at the quantiles of 1e-7 and 1 - 1e-7, as in scikit-learn's `QuantileTransformer`.
    static func boundedQuantile(_ probability: Double) -> Double {
        let bound = 1e-7 - Double.ulpOfOne
        return probability <= bound ? lowest : 1 - probability <= bound ? -lowest : quantile(probability)
    }

    private static let lowest = quantile(1e-7 - Double.ulpOfOne)

    private static func approximateQuantile(_ p: Double) -> Double {
        let a = [
            -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02,
            -3.066479806614716e+01, 2.506628277459239e+00,
        ]
        let b = [
            -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
            -1.328068155288572e+01, 1,
        ]
        let c = [
            -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00,
            4.374664141464968e+00, 2.938163982698783e+00,
        ]
        let d = [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1]
        func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
            coefficients.reduce(0) { $0 * x + $1 }
        }
        if p < 0.02425 {
            let q = (-2 * log(p)).squareRoot()
            return polynomial(c, q) / polynomial(d, q)
        }
        let q = p - 0.5
        return polynomial(a, q * q) * q / polynomial(b, q * q)
    }
}
