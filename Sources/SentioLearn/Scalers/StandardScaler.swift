public import SentioNumerics

/// Mean 0 and standard deviation 1 for each column of the training table (`standard`).
///
/// As scikit-learn's `StandardScaler`: population standard deviation (ddof 0); a column that is constant up to
/// rounding gets scale 1.
public struct StandardScaler: Scaler {
    public static let name = "standard"
    /// Means, one a column.
    public let center: [Double]
    /// Standard deviations, one a column; all positive.
    public let scale: [Double]

    public static func fit(_ features: Matrix) throws -> StandardScaler {
        try requireUsable(features)
        let count = Double(features.rows)
        let share = 1 / count
        var center = [Double](repeating: 0, count: features.columns)
        var variance = center
        var drift = center
        // Two passes; the second corrects the first's mean. Each value is divided by the count before it is summed:
        // a sum of large finite values must not overflow.
        features.forEachElement(with: &center) { center, value in center += value * share }
        features.forEachElement(with: &drift, center) { drift, value, center in drift += (value - center) * share }
        features.forEachElement(with: &variance, center) { variance, value, center in
            variance += (value - center) * (value - center) * share
        }
        for column in center.indices {
            center[column] += drift[column]
            variance[column] = max(0, variance[column] - drift[column] * drift[column])
        }
        let scale = zip(center, variance).map { mean, variance in
            // scikit-learn's bound for "constant up to the rounding of its mean".
            let meanError = count * mean * Double.ulpOfOne
            let rounding = count * Double.ulpOfOne * variance + meanError * meanError
            let deviation = variance.squareRoot()
            return variance <= rounding || !deviation.isFinite || deviation == 0 ? 1 : deviation
        }
        return StandardScaler(center: center, scale: scale)
    }

    public var featureCount: Int { center.count }
    public var line: ScalerLine? { ScalerLine(center: center, scale: scale, limit: .infinity) }

    public func transform(_ features: Matrix) throws -> Matrix {
        try mapColumns(features) { value, column in (value - center[column]) / scale[column] }
    }

    public func validate() throws {
        try Self.requireCentersAndScales(center, scale)
    }
}
