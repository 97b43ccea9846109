import SentioNumerics

/// Compares models that predicted the same songs, one dimension at a time.
///
/// **One replicate an arm**: percentile bootstrap over songs of the difference of scores, both models' predictions of a
/// song drawn together, widened for few songs by Student's quantile (Hesterberg 2015, "expanded percentile": without it
/// 95 % intervals hold 92 % at 50 songs); p by swapping the models song by song. What another seed would give is not in
/// it. **Replicates**: the mean over replicates, paired by position (replicate r of both arms shares its seed).
/// Interval and p by the variances of songs and of seeds (`VarianceComponents`); `docs/comparing.md` says what covers how much.
///
/// Defaults: 5000 resamples, 9999 permutations, level 0.95. Resample b draws from Philox(key: seed, stream: b): the
/// same seed gives the same numbers everywhere.
public struct PairedComparison: Sendable {
    public let bootstrap: Bootstrap
    public let permutations: Int

    /// - Throws: `LearnError.badParameter` for resamples or permutations outside 1...1,000,000 or a level outside
    ///   0..<1.
    public init(resamples: Int = 5000, permutations: Int = 9999, level: Double = 0.95, seed: UInt64) throws {
        bootstrap = try Bootstrap(replicates: resamples, level: level, seed: seed)
        guard (1...1_000_000).contains(permutations) else {
            throw LearnError.badParameter(
                name: "permutations", value: "\(permutations)", allowed: "between 1 and 1000000")
        }
        self.permutations = permutations
    }

    /// Second - first for every measure.
    ///
    /// - parameters:
    ///   - truth: one rating a song.
    ///   - first: [replicate][song]; `second` likewise, as many replicates.
    /// - Throws: `LearnError` for arms of other sizes, fewer than two songs, NaN or infinity.
    public func differences(truth: [Double], first: [[Double]], second: [[Double]]) throws -> [Metric: ModelDifference]
    {
        let (one, two) = (
            try ArmScores(truth: truth, predictions: first, name: "first arm"),
            try ArmScores(truth: truth, predictions: second, name: "second arm")
        )
        if one.replicates != two.replicates {
            throw LearnError.rowMismatch(
                first: "first arm's replicates", firstRows: one.replicates, second: "second arm's replicates",
                secondRows: two.replicates)
        }
        let values = Self.minus(two.scores, one.scores)
        let leftOut = (0..<one.songs).map { Self.minus(two.scores(without: $0), one.scores(without: $0)) }
        let resampled =
            one.replicates > 1
            ? [] : draws(one.songs) { Self.minus(two.scores(resampled: $0), one.scores(resampled: $0))[0] }
        let swapped =
            one.replicates > 1 ? [:] : PermutationTest(permutations: permutations, seed: bootstrap.seed).p(one, two)
        let (firstMean, secondMean) = (RegressionScore.mean(of: one.scores), RegressionScore.mean(of: two.scores))
        return Dictionary(
            uniqueKeysWithValues: Metric.allCases.map { metric in
                let noise = VarianceComponents(
                    values: values.map { $0[metric] }, leftOut: leftOut.map { $0.map { $0[metric] } })
                let estimate = secondMean[metric] - firstMean[metric]
                let p = swapped[metric] ?? noise.p(of: estimate)
                return (
                    metric,
                    ModelDifference(
                        metric: metric, songs: one.songs, replicates: one.replicates, first: firstMean[metric],
                        second: secondMean[metric],
                        interval: interval(estimate, resampled.map { $0[metric] }, noise), p: p, noise: noise,
                        level: bootstrap.level)
                )
            })
    }

    /// The score of one arm, mean over replicates, with its interval.
    ///
    /// - Throws: as `differences`.
    public func scores(truth: [Double], predictions: [[Double]]) throws -> [Metric: Interval] {
        let arm = try ArmScores(truth: truth, predictions: predictions, name: "predictions")
        let mean = RegressionScore.mean(of: arm.scores)
        let leftOut = (0..<arm.songs).map { arm.scores(without: $0) }
        let resampled = arm.replicates > 1 ? [] : draws(arm.songs) { arm.scores(resampled: $0)[0] }
        return Dictionary(
            uniqueKeysWithValues: Metric.allCases.map { metric in
                let noise = VarianceComponents(
                    values: arm.scores.map { $0[metric] }, leftOut: leftOut.map { $0.map { $0[metric] } })
                return (metric, interval(mean[metric], resampled.map { $0[metric] }, noise))
            })
    }

    private func draws(_ songs: Int, _ score: ([Int]) -> RegressionScore) -> [RegressionScore] {
        (0..<bootstrap.replicates).map { score(bootstrap.indices(replicate: $0, count: songs)) }
    }

    private func interval(_ estimate: Double, _ resampled: [Double], _ noise: VarianceComponents) -> Interval {
        if resampled.isEmpty {
            let half = noise.halfWidth(level: bootstrap.level)
            return Interval(estimate: estimate, lower: estimate - half, upper: estimate + half)
        }
        let n = Double(noise.songCount)
        let quantile = StudentDistribution.quantile((1 - bootstrap.level) / 2, degrees: n - 1)
        let tail = NormalDistribution.cumulative(quantile * (n / (n - 1)).squareRoot())
        return Interval(estimate: estimate, replicates: resampled, level: 1 - 2 * tail)
    }

    private static func minus(_ left: [RegressionScore], _ right: [RegressionScore]) -> [RegressionScore] {
        zip(left, right).map { $0.minus($1) }
    }
}
