import SentioNumerics

/// How well predictions p fit truths t of one target, over n songs. All moments are population moments (ddof 0).
///
/// - mse: mean (t - p)^2; rmse: its root; mae: mean |t - p|. Units of the target (mse: squared).
/// - r2: 1 - sum (t - p)^2 / sum (t - mean t)^2. For a constant truth, as scikit-learn: 1 if every prediction is
///   exact, else 0.
/// - pearson: cov(t, p) / (sd t * sd p); 0 if either is constant.
/// - ccc (Lin 1989): 2 cov(t, p) / (var t + var p + (mean t - mean p)^2); 0 if either is constant.
public struct RegressionScore: Sendable, Equatable, Codable {
    public var mse: Double
    public var rmse: Double
    public var mae: Double
    public var r2: Double
    public var pearson: Double
    public var ccc: Double

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

    /// Scores finite values without further checks; both buffers are of one length, at least 1.
    init(truth: UnsafeBufferPointer<Double>, prediction: UnsafeBufferPointer<Double>) {
        let count = Double(truth.count)
        // Taking the first value off makes a constant exactly zero, so "constant" needs no tolerance.
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

    /// The plain mean of several scores, measure by measure (so rmse is a mean of roots).
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
