public import SentioNumerics

/// Median 0 and interquartile range 1 for each column of the training table, then cut off (winsorised) at `limit`
/// ranges from the median (`robust`).
///
/// Median and range as scikit-learn's `RobustScaler`. A column whose middle half is one value would get scale 0
/// there; here it takes its population standard deviation, and 1 if that is 0 too. The cut is what keeps one strange
/// test song, in a column that hardly moved in training, from throwing a linear model off by thousands.
public struct RobustScaler: Scaler {
    public static let name = "robust"
    /// 3 interquartile ranges, about 4 standard deviations of a normal distribution.
    public static let defaultLimit = 3.0

    /// Medians, one a column.
    public let center: [Double]
    /// Interquartile ranges, one a column; all positive.
    public let scale: [Double]
    /// Scaled values lie in -limit...limit.
    public let limit: Double

    public static func fit(_ features: Matrix) throws -> RobustScaler {
        try fit(features, limit: defaultLimit)
    }

    /// - Throws: also `LearnError.badParameter` for a limit that is not positive (infinity is allowed: no cut).
    public static func fit(_ features: Matrix, limit: Double) throws -> RobustScaler {
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
            // Ten roundings: scikit-learn's bound below which a range counts as zero.
            let isZero = !range.isFinite || range < 10 * Double.ulpOfOne * max(1e-300, median.magnitude)
            center.append(median)
            scale.append(isZero ? fallback.scale[column] : range)
        }
        return RobustScaler(center: center, scale: scale, limit: limit)
    }

    public var featureCount: Int { center.count }
    public var line: ScalerLine? { ScalerLine(center: center, scale: scale, limit: limit) }

    public func transform(_ features: Matrix) throws -> Matrix {
        try mapColumns(features) { value, column in
            let scaled = (value - center[column]) / scale[column]
            return scaled > limit ? limit : scaled < -limit ? -limit : scaled
        }
    }

    public func validate() throws {
        try Self.requireCentersAndScales(center, scale)
        if !(limit > 0) { throw LearnError.damagedModel(reason: "the scaler's limit is \(limit)") }
    }
}
