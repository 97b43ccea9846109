import SentioNumerics

/// What the scores of a sequence rest on: count, means and centered sums of truth and prediction over its steps, one
/// target. Those of several sequences add up (Chan, Golub and LeVeque 1983), so that scores pooled over resampled songs
/// need no second pass over the steps.
public struct SequenceMoments: Sendable, Equatable {
    /// Steps.
    public private(set) var count: Double
    private var meanTruth, meanPrediction: Double
    /// Sums of squares and products about the means.
    private var tt, pp, tp: Double
    /// Sums of squared and absolute differences.
    private var squared, absolute: Double

    /// The moments of one sequence, [steps] each.
    ///
    /// - Throws: `LearnError` for different lengths, no steps, or NaN or infinity.
    public init(truth: [Double], prediction: [Double]) throws {
        try TableChecks.requireSameRows(Matrix(column: truth), "truths", Matrix(column: prediction), "predictions")
        try TableChecks.requireNotEmpty(Matrix(column: truth), table: "truths")
        try TableChecks.requireFinite(Matrix(column: truth), table: "truths", columnNames: ["y"], rowNames: nil)
        try TableChecks.requireFinite(
            Matrix(column: prediction), table: "predictions", columnNames: ["y"], rowNames: nil)
        // Subtracting the first value makes a constant exactly zero, so constants need no tolerance.
        let (t0, p0) = (truth[0], prediction[0])
        count = Double(truth.count)
        let meanT = truth.reduce(0) { $0 + ($1 - t0) } / count, meanP = prediction.reduce(0) { $0 + ($1 - p0) } / count
        (tt, pp, tp, squared, absolute) = (0, 0, 0, 0, 0)
        for (t, p) in zip(truth, prediction) {
            let (dt, dp) = (t - t0 - meanT, p - p0 - meanP)
            tt += dt * dt
            pp += dp * dp
            tp += dt * dp
            squared += (t - p) * (t - p)
            absolute += (t - p).magnitude
        }
        (meanTruth, meanPrediction) = (t0 + meanT, p0 + meanP)
    }

    /// The moments of the steps of both.
    public static func + (left: SequenceMoments, right: SequenceMoments) -> SequenceMoments {
        var sum = left
        sum.count = left.count + right.count
        let share = right.count / sum.count, weight = left.count * share
        let dt = right.meanTruth - left.meanTruth, dp = right.meanPrediction - left.meanPrediction
        sum.meanTruth += dt * share
        sum.meanPrediction += dp * share
        sum.tt += right.tt + dt * dt * weight
        sum.pp += right.pp + dp * dp * weight
        sum.tp += right.tp + dt * dp * weight
        sum.squared += right.squared
        sum.absolute += right.absolute
        return sum
    }

    /// The scores over all steps; see `RegressionScore` for constants.
    public var score: RegressionScore {
        let mse = squared / count, shift = meanTruth - meanPrediction
        return RegressionScore(
            mse: mse, rmse: mse.squareRoot(), mae: absolute / count,
            r2: tt > 0 ? 1 - squared / tt : squared == 0 ? 1 : 0,
            pearson: tt > 0 && pp > 0 ? max(-1, min(1, tp / (tt.squareRoot() * pp.squareRoot()))) : 0,
            ccc: tt > 0 && pp > 0 ? 2 * tp / (tt + pp + count * shift * shift) : 0)
    }
}
