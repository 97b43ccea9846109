public import SentioNumerics

/// Mean 0 and standard deviation 1 for each column of the training table (`standard`).
///
/// As scikit-learn's `StandardScaler`: population standard deviation (ddof 0); a column that is constant up to
/// rounding gets scale 1.
public struct StandardScaler: Scaler {
    /// Means, one a column.
    public let center: [Double]
    /// Standard deviations, one a column; all positive.
    public let scale: [Double]

    public static func fit(_ features: Matrix) throws -> StandardScaler {
        try requireUsable(features)
        let count = Double(features.rows)
        var center = [Double](repeating: 0, count: features.columns)
        var variance = center
        features.withUnsafeValues { values in
            var index = 0
            for _ in 0..<features.rows {
                for column in 0..<features.columns {
                    // Divided first: a sum of large finite values must not overflow.
                    center[column] += values[index] / count
                    index += 1
                }
            }
            var drift = [Double](repeating: 0, count: features.columns)
            index = 0
            for _ in 0..<features.rows {
                for column in 0..<features.columns {
                    let deviation = values[index] - center[column]
                    variance[column] += deviation * deviation / count
                    drift[column] += deviation / count
                    index += 1
                }
            }
            for column in 0..<features.columns {
                center[column] += drift[column]
                variance[column] = max(0, variance[column] - drift[column] * drift[column])
            }
        }
        let scale = zip(center, variance).map { mean, variance in
            // scikit-learn's bound for "constant up to the rounding of its mean".
            let rounding = count * Double.ulpOfOne * variance + (count * mean * Double.ulpOfOne) * (count * mean * Double.ulpOfOne)
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
