/// Sums over songs from which every regression metric follows. They are additive over songs, so a resample, a swap and
/// a left-out song cost only additions.
struct ScoreSums {
    /// The sums of 1, t, t², p, p², t p, |t - p| and (t - p)².
    var sums: SIMD8<Double>

    static let zero = ScoreSums(sums: .zero)

    init(sums: SIMD8<Double>) { self.sums = sums }

    /// One song. Truth and prediction are measured from an origin near their mean, to keep squares small.
    init(truth: Double, prediction: Double, origin: Double) {
        let t = truth - origin, p = prediction - origin, error = truth - prediction
        sums = SIMD8(1, t, t * t, p, p * p, t * p, error.magnitude, error * error)
    }

    static func + (left: ScoreSums, right: ScoreSums) -> ScoreSums { ScoreSums(sums: left.sums + right.sums) }
    static func - (left: ScoreSums, right: ScoreSums) -> ScoreSums { ScoreSums(sums: left.sums - right.sums) }

    /// The `RegressionScore` of the songs. A variance below 1e-12 of the mean square counts as zero.
    var score: RegressionScore {
        let n = sums[0], meanT = sums[1] / n, meanP = sums[3] / n
        let tt = Self.variance(sums[2] / n, meanT), pp = Self.variance(sums[4] / n, meanP)
        let tp = sums[5] / n - meanT * meanP, mse = max(0, sums[7] / n), shift = meanT - meanP
        return RegressionScore(
            mse: mse, rmse: mse.squareRoot(), mae: max(0, sums[6] / n),
            r2: tt > 0 ? 1 - mse / tt : mse == 0 ? 1 : 0,
            pearson: tt > 0 && pp > 0 ? max(-1, min(1, tp / (tt * pp).squareRoot())) : 0,
            ccc: tt > 0 && pp > 0 ? 2 * tp / (tt + pp + shift * shift) : 0)
    }

    private static func variance(_ square: Double, _ mean: Double) -> Double {
        let value = square - mean * mean
        return value > 1e-12 * square ? value : 0
    }
}
