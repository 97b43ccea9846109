import SentioNumerics

/// Scales each column to mean 0 and standard deviation 1 on the training table (`standard`).
///
/// Like scikit-learn's `StandardScaler`: population standard deviation (ddof 0), and scale 1 for a column that is
/// constant up to rounding.
struct StandardScaler: Scaler {
    static let name = "standard"
    /// The mean of each column.
    let center: [Double]
    /// The standard deviation of each column; all positive.
    let scale: [Double]

    static func fit(_ features: Matrix) throws -> StandardScaler {
        try requireUsable(features)
        let count = Double(features.rows)
        let share = 1 / count
        var center = [Double](repeating: 0, count: features.columns)
        var variance = center
        var drift = center
        // Two passes; the second corrects the mean of the first. Each value is divided by the count before it is
        // summed, so that a sum of large finite values does not overflow.
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

    var featureCount: Int { center.count }
    var line: ScalerLine? { ScalerLine(center: center, scale: scale, limit: .infinity) }

    func transform(_ features: Matrix) throws -> Matrix {
        try mapColumns(features) { value, column in (value - center[column]) / scale[column] }
    }

    func validate() throws {
        try Self.requireCentersAndScales(center, scale)
    }
}
