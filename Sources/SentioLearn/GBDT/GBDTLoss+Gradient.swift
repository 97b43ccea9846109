import Foundation

/// The first and second derivative of the loss of one row by its prediction.
struct GradientPair {
    let gradient: Float
    let hessian: Float
}

extension GBDTLoss {
    /// Whether every second derivative is 1 (or, where there is none, taken as 1, as XGBoost does).
    var hasUnitHessian: Bool {
        if case .huber = self { false } else { true }
    }

    /// The fraction of residuals below an adapted leaf; nil where leaves are Newton steps.
    var leafQuantile: Double? {
        switch self {
        case .squared, .huber: nil
        case .absolute: 0.5
        case .quantile(let alpha): alpha
        }
    }

    /// XGBoost's derivatives of each objective.
    @inline(__always)
    func pair(prediction: Float, target: Float) -> GradientPair {
        let difference = prediction - target
        switch self {
        case .squared: return GradientPair(gradient: difference, hessian: 1)
        case .absolute: return GradientPair(gradient: difference > 0 ? 1 : difference < 0 ? -1 : 0, hessian: 1)
        case .huber(let slope):
            let z = Double(difference) / slope
            let root = (1 + z * z).squareRoot()
            return GradientPair(
                gradient: Float(Double(difference) / root), hessian: Float(1 / ((1 + z * z) * root)))
        case .quantile(let alpha):
            return GradientPair(gradient: Float(difference >= 0 ? 1 - alpha : -alpha), hessian: 1)
        }
    }

    /// The loss of one row.
    @inline(__always)
    func value(prediction: Float, target: Float) -> Double {
        let difference = Double(prediction) - Double(target)
        switch self {
        case .squared: return difference * difference / 2
        case .absolute: return difference.magnitude
        case .huber(let slope):
            let z = difference / slope
            return slope * slope * ((1 + z * z).squareRoot() - 1)
        case .quantile(let alpha): return difference >= 0 ? (1 - alpha) * difference : -alpha * difference
        }
    }

    /// The prediction before any tree. XGBoost's: the mean for squared errors, the quantile for its loss, the median
    /// for absolute errors. Also the median for Huber, where XGBoost takes one Newton step from 0, which leaves the
    /// data when they are far from 0. The same for every order of rows.
    func baseScore(_ targets: UnsafeBufferPointer<Float>) -> Float {
        switch self {
        case .squared: Float(ExactSum.mean(targets))
        case .absolute, .huber: WeibullQuantile.of(targets, 0.5)
        case .quantile(let alpha): WeibullQuantile.of(targets, alpha)
        }
    }
}
