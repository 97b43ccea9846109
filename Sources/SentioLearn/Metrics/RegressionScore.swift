import SentioNumerics

/// How well predictions p fit the truths t of one target. All moments are population moments (ddof 0).
public struct RegressionScore: Sendable, Equatable, Codable {
    /// Mean squared error, mean (t - p)², in squared units of the target.
    public var mse: Double
    /// Root mean squared error, in units of the target.
    public var rmse: Double
    /// Mean absolute error, in units of the target.
    public var mae: Double
    /// Coefficient of determination, 1 - sum (t - p)² / sum (t - mean t)². For a constant truth, as in scikit-learn: 1
    /// if every prediction is exact, otherwise 0.
    public var r2: Double
    /// Pearson's correlation, cov(t, p) / (sd t * sd p); 0 if either is constant.
    public var pearson: Double
    /// Concordance correlation (Lin 1989), 2 cov(t, p) / (var t + var p + (mean t - mean p)²); 0 if either is constant.
    public var ccc: Double

    /// A score from known values.
    public init(mse: Double, rmse: Double, mae: Double, r2: Double, pearson: Double, ccc: Double) {
        self.mse = mse
        self.rmse = rmse
        self.mae = mae
        self.r2 = r2
        self.pearson = pearson
        self.ccc = ccc
    }

    /// Scores one target.
    ///
    /// - Throws: `LearnError` for different lengths, fewer than two songs, or NaN or infinity.
    public init(truth: [Double], prediction: [Double]) throws {
        let report = try RegressionReport(truth: .init(column: truth), prediction: .init(column: prediction))
        self = report.scores[0]
    }

    /// The value of a metric.
    public subscript(metric: Metric) -> Double {
        switch metric {
        case .mse: mse
        case .rmse: rmse
        case .mae: mae
        case .r2: r2
        case .pearson: pearson
        case .ccc: ccc
        }
    }

    /// Scores finite values without checks; both buffers have the same length, at least 1.
    init(truth: UnsafeBufferPointer<Double>, prediction: UnsafeBufferPointer<Double>) {
        let count = Double(truth.count)
        // Subtracting the first value makes a constant exactly zero, so constants need no tolerance.
        let (t0, p0) = (truth[0], prediction[0])
        var (sumT, sumP, squared, absolute) = (0.0, 0.0, 0.0, 0.0)
        for index in 0..<truth.count {
            let (t, p) = (truth[index], prediction[index])
            sumT += t - t0
            sumP += p - p0
            squared += (t - p) * (t - p)
            absolute += (t - p).magnitude
        }
        let (meanT, meanP) = (sumT / count, sumP / count)
        var (tt, pp, tp) = (0.0, 0.0, 0.0)
        for index in 0..<truth.count {
            let t = truth[index] - t0 - meanT
            let p = prediction[index] - p0 - meanP
            tt += t * t
            pp += p * p
            tp += t * p
        }
        let shift = (t0 - p0) + (meanT - meanP)
        mse = squared / count
        rmse = mse.squareRoot()
        mae = absolute / count
        r2 = tt > 0 ? 1 - squared / tt : squared == 0 ? 1 : 0
        pearson = tt > 0 && pp > 0 ? max(-1, min(1, tp / (tt.squareRoot() * pp.squareRoot()))) : 0
        ccc = tt > 0 && pp > 0 ? 2 * tp / (tt + pp + count * shift * shift) : 0
    }

    /// The mean of each metric over several scores (so `rmse` is a mean of roots).
    ///
    /// - Precondition: at least one score.
    public static func mean(of scores: [RegressionScore]) -> RegressionScore {
        precondition(!scores.isEmpty, "A mean needs at least one score.")
        let count = Double(scores.count)
        func average(_ value: (RegressionScore) -> Double) -> Double {
            scores.reduce(0) { $0 + value($1) } / count
        }
        return RegressionScore(
            mse: average(\.mse), rmse: average(\.rmse), mae: average(\.mae), r2: average(\.r2),
            pearson: average(\.pearson), ccc: average(\.ccc))
    }
}
