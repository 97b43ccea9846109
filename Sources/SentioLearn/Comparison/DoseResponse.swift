/// How a metric depends on a dose, such as the ratio of synthetic to real songs: the score of each dose with its
/// interval, the best dose and its uncertainty, and the dose beyond which more does not help.
public struct DoseResponse: Sendable, Equatable {
    /// The result at one dose.
    public struct Point: Sendable, Equatable {
        /// The dose.
        public let dose: Double
        /// The score, mean over replicates, with its interval.
        public let score: Interval
        /// In which share of the resamples of songs and seeds this dose is the best; the shares of all doses sum to 1.
        public let bestShare: Double
        /// The difference from the best dose (this - best); nil for the best itself.
        public let fromBest: ModelDifference?
        /// The p-value of the difference, Holm-adjusted over all doses because the best is chosen from the same data.
        public let adjusted: Double?

        /// Whether it does not differ significantly from the best.
        public var isWithinNoise: Bool { fromBest.map { !$0.stands(p: adjusted) } ?? true }
    }

    /// The metric that is compared.
    public let metric: Metric
    /// How many songs were scored.
    public let songs: Int
    /// How many replicates each dose has.
    public let replicates: Int
    /// Coverage of the intervals.
    public let level: Double
    /// In ascending order of dose.
    public let points: [Point]
    /// Index of the best dose in `points`.
    public let best: Int
    /// An interval for the best dose: the doses that are best in all but (1 - level) of the resamples.
    public let plausible: ClosedRange<Double>
    /// The smallest dose from which every dose up to the best is within noise of the best: beyond it, these songs and
    /// seeds show no benefit.
    public let plateau: Double

    /// - Parameters:
    ///   - doses: one per arm, all different.
    ///   - truth: [song].
    ///   - arms: [dose][replicate][song]; all have the same number of replicates, paired by position.
    /// - Throws: `LearnError` as `PairedComparison.differences`, and for fewer than two doses or duplicate doses.
    public init(
        metric: Metric, doses: [Double], truth: [Double], arms: [[[Double]]], comparison: PairedComparison
    ) throws {
        guard doses.count >= 2, Set(doses).count == doses.count, doses.count == arms.count, doses.allSatisfy(\.isFinite)
        else {
            throw LearnError.badParameter(
                name: "doses", value: "\(doses)", allowed: "at least two different numbers, one per arm")
        }
        let order = doses.indices.sorted { doses[$0] < doses[$1] }
        let arms = order.map { arms[$0] }, doses = order.map { doses[$0] }
        let scored = try arms.map { try ArmScores(truth: truth, predictions: $0, name: "arm") }
        for arm in scored where arm.replicates != scored[0].replicates {
            throw LearnError.rowMismatch(
                first: "first arm's replicates", firstRows: scored[0].replicates, second: "another arm's replicates",
                secondRows: arm.replicates)
        }
        let scores = try arms.map { try comparison.scores(truth: truth, predictions: $0) }
        let means = scored.map { RegressionScore.mean(of: $0.scores)[metric] }
        let best = Self.place(ofBest: means, metric)
        let shares = Self.shares(scored, metric, comparison.bootstrap)
        let changes = try arms.indices.map { index in
            index == best
                ? nil : try comparison.differences(truth: truth, first: arms[best], second: arms[index])[metric]
        }
        let adjusted = HolmAdjustment.adjusted(changes.map { $0?.p ?? .nan })
        let points = arms.indices.map { index in
            Point(
                dose: doses[index],
                score: scores[index][metric]
                    ?? Interval(estimate: means[index], lower: means[index], upper: means[index]),
                bestShare: shares[index],
                fromBest: changes[index], adjusted: changes[index].map { _ in adjusted[index] })
        }
        var plateau = best
        while plateau > 0, points[plateau - 1].isWithinNoise { plateau -= 1 }
        self.metric = metric
        songs = truth.count
        replicates = scored[0].replicates
        level = comparison.bootstrap.level
        self.points = points
        self.best = best
        plausible = Self.plausible(doses, shares, tail: (1 - comparison.bootstrap.level) / 2)
        self.plateau = doses[plateau]
    }

    /// Of equal scores, the first wins.
    private static func place(ofBest scores: [Double], _ metric: Metric) -> Int {
        scores.indices.max { left, right in
            let (l, r) = metric.largerIsBetter ? (scores[left], scores[right]) : (-scores[left], -scores[right])
            return l == r ? left > right : l < r
        } ?? 0
    }

    /// How often each arm is best when songs and replicates are resampled. Of R replicates, R - 1 are drawn with
    /// replacement, the same for all arms: drawing R would understate their variance by 1/R (Rao and Wu 1988).
    private static func shares(_ arms: [ArmScores], _ metric: Metric, _ bootstrap: Bootstrap) -> [Double] {
        let count = arms[0].songs, replicates = arms[0].replicates
        var wins = arms.map { _ in 0 }
        for draw in 0..<bootstrap.replicates {
            let indices = bootstrap.indices(replicate: draw, count: count)
            let seeds = replicates == 1 ? [0] : bootstrap.seeds(replicate: draw, of: replicates)
            let scores = arms.map { arm in
                let scores = arm.scores(resampled: indices)
                return seeds.reduce(0.0) { $0 + scores[$1][metric] }
            }
            wins[place(ofBest: scores, metric)] += 1
        }
        return wins.map { Double($0) / Double(bootstrap.replicates) }
    }

    private static func plausible(_ doses: [Double], _ shares: [Double], tail: Double) -> ClosedRange<Double> {
        func first(_ order: some Sequence<Int>) -> Int {
            var sum = 0.0
            for index in order {
                sum += shares[index]
                if sum > tail { return index }
            }
            return 0
        }
        let low = first(doses.indices), high = first(doses.indices.reversed())
        return doses[low]...doses[max(low, high)]
    }
}
