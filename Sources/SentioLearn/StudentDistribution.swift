import Foundation

/// Student's t distribution.
public enum StudentDistribution {
    /// The cumulative distribution function: the probability of a value below t, with a relative error of about 1e-14;
    /// NaN unless the degrees of freedom are positive.
    ///
    /// The regularized incomplete beta function as a continued fraction (Lentz's method).
    public static func cumulative(_ t: Double, degrees: Double) -> Double {
        guard degrees > 0, !t.isNaN else { return .nan }
        if t.isInfinite { return t < 0 ? 0 : 1 }
        let tail = 0.5 * incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5)
        return t < 0 ? tail : 1 - tail
    }

    /// The probability of a value at least as far from 0 as t: the p-value of a two-sided test, precise in the far tail
    /// too.
    public static func twoSided(_ t: Double, degrees: Double) -> Double {
        guard degrees > 0, !t.isNaN else { return .nan }
        return t.isInfinite ? 0 : incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5)
    }

    /// The inverse of `cumulative`: -infinity for 0, infinity for 1, NaN outside 0...1.
    public static func quantile(_ probability: Double, degrees: Double) -> Double {
        guard degrees > 0, probability > 0, probability < 1 else {
            return probability == 0 ? -.infinity : probability == 1 ? .infinity : .nan
        }
        if probability > 0.5 { return -quantile(1 - probability, degrees: degrees) }
        if probability == 0.5 { return 0 }
        // The logarithm of the tail is nearly linear in log |t|, so false position (Illinois) needs only a few steps.
        let target = log(probability)
        func miss(_ x: Double) -> Double { log(max(cumulative(-exp(x), degrees: degrees), 1e-300)) - target }
        var left = -2.0, right = 1.5, atLeft = miss(left), atRight = miss(right)
        while atLeft < 0, left > -600 { (right, atRight, left) = (left, atLeft, 2 * left); atLeft = miss(left) }
        while atRight > 0, right < 600 { (left, atLeft, right) = (right, atRight, 2 * right); atRight = miss(right) }
        var side = 0
        for _ in 0..<200 {
            let proposed = (left * atRight - right * atLeft) / (atRight - atLeft)
            let middle = proposed > left && proposed < right ? proposed : 0.5 * (left + right)
            let value = miss(middle)
            if value.magnitude < 1e-14 { return -exp(middle) }
            if value > 0 {
                (left, atLeft) = (middle, value)
                if side > 0 { atRight *= 0.5 }
                side = 1
            } else {
                (right, atRight) = (middle, value)
                if side < 0 { atLeft *= 0.5 }
                side = -1
            }
            if right - left < 1e-15 * max(1, left.magnitude) { break }
        }
        return -exp(0.5 * (left + right))
    }

    /// I_x(a, b).
    private static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
        return x < (a + 1) / (a + b + 2) ? front * fraction(x, a, b) / a : 1 - front * fraction(1 - x, b, a) / b
    }

    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        func away(_ value: Double) -> Double { value.magnitude < tiny ? tiny : value }
        var c = 1.0, d = 1 / away(1 - (a + b) * x / (a + 1)), result = d
        for step in 1...1000 {
            let m = Double(step)
            for numerator in [
                m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            ] {
                d = 1 / away(1 + numerator * d)
                c = away(1 + numerator / c)
                result *= c * d
            }
            if (c * d - 1).magnitude < 1e-16 { break }
        }
        return result
    }
}
