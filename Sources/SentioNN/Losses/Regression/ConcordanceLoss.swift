/// One minus Lin's concordance correlation coefficient over the batch, averaged over dimensions, `ccc`.
public struct ConcordanceLoss: RegressionLoss {
    /// In pipelines.
    public static let name = "ccc"
    /// False: means and variances are those of the whole batch.
    public static let isSeparable = false

    /// It has no settings.
    public init(_ settings: RegressionLosses.Settings = RegressionLosses.Settings()) {}

    /// 1 - 2 cov / (var p + var t + (mean p - mean t)²) of each dimension; one in which nothing varies counts as 1.
    public func evaluate(_ batch: RegressionBatch) -> (value: Double, gradient: [Double]) {
        let dimensions = batch.shares.count, weights = batch.weights, rows = weights.indices
        var value = 0.0, gradient = [Double](repeating: 0, count: batch.prediction.count)
        for (dimension, share) in batch.shares.enumerated() {
            func p(_ row: Int) -> Double { batch.prediction[row * dimensions + dimension] }
            func t(_ row: Int) -> Double { batch.truth[row * dimensions + dimension] }
            func mean(_ of: (Int) -> Double) -> Double {
                rows.reduce(0) { $0 + weights[$1] * of($1) } / batch.totalWeight
            }
            let (meanP, meanT) = (mean(p), mean(t))
            let covariance = mean { (p($0) - meanP) * (t($0) - meanT) }
            let bottom =
                mean { (p($0) - meanP) * (p($0) - meanP) } + mean { (t($0) - meanT) * (t($0) - meanT) }
                + (meanP - meanT) * (meanP - meanT)
            guard bottom > 1e-12 else {
                value += share
                continue
            }
            value += share * (1 - 2 * covariance / bottom)
            for row in rows {
                let part = weights[row] / batch.totalWeight
                let slopeOfBottom = 2 * part * ((p(row) - meanP) + (meanP - meanT))
                let slope = -2 * (part * (t(row) - meanT) * bottom - covariance * slopeOfBottom) / (bottom * bottom)
                gradient[row * dimensions + dimension] = slope * share
            }
        }
        return (value, gradient)
    }
}
