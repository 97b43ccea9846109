import SentioNumerics

/// Scales each column to median 0 and interquartile range 1 on the training table, then clips (winsorizes) it at
/// `limit` ranges from the median (`robust`).
///
/// Median and range are those of scikit-learn's `RobustScaler`. Where the interquartile range is 0, the scale is the
/// population standard deviation, or 1 if that is 0 too. Clipping matters in columns that barely vary in training: a
/// single outlying test song there could otherwise move a linear model by thousands.
struct RobustScaler: Scaler {
    static let name = "robust"

    /// The median of each column.
    let center: [Double]
    /// The interquartile range of each column; all positive.
    let scale: [Double]
    /// Scaled values lie in -limit...limit.
    let limit: Double

    /// - Parameter limit: infinity for no clipping.
    /// - Throws: `LearnError` for an empty table, NaN or infinity in it, or a limit that is not positive.
    static func fit(_ features: Matrix, limit: Double) throws -> RobustScaler {
        guard limit > 0 else {
            throw LearnError.badParameter(name: "limit", value: "\(limit)", allowed: "greater than 0")
        }
        let fallback = try StandardScaler.fit(features)
        var center: [Double] = []
        var scale: [Double] = []
        for column in 0..<features.columns {
            let sorted = features.column(column).sorted()
            let median = Quantile.ofSorted(sorted, 0.5)
            let range = Quantile.ofSorted(sorted, 0.75) - Quantile.ofSorted(sorted, 0.25)
            // scikit-learn's bound for a range of zero: ten rounding errors.
            let isZero = !range.isFinite || range < 10 * Double.ulpOfOne * max(1e-300, median.magnitude)
            center.append(median)
            scale.append(isZero ? fallback.scale[column] : range)
        }
        return RobustScaler(center: center, scale: scale, limit: limit)
    }

    var featureCount: Int { center.count }
    var line: ScalerLine? { ScalerLine(center: center, scale: scale, limit: limit) }

    func transform(_ features: Matrix) throws -> Matrix {
        try mapColumns(features) { value, column in
            let scaled = (value - center[column]) / scale[column]
            return scaled > limit ? limit : scaled < -limit ? -limit : scaled
        }
    }

    func validate() throws {
        try Self.requireCentersAndScales(center, scale)
        if !(limit > 0) { throw LearnError.damagedModel(reason: "the scaler's limit is \(limit)") }
    }
}
