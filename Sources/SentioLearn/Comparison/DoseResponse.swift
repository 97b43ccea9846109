/// How a measure answers to a dose, such as the ratio of synthetic to real songs: score of each dose with its interval,
/// the best dose and how sure that is, and where more stops helping.
public struct DoseResponse: Sendable, Equatable {
    public struct Point: Sendable, Equatable {
        public let dose: Double
        public let score: Interval
        /// In how many resamples of songs and seeds this dose was the best; these add up to 1.
        public let bestShare: Double
        /// Against the best dose (this - best); nil for the best itself.
        public let fromBest: ModelDifference?
        /// The difference's p by Holm's adjustment over all doses: the best is chosen by the same numbers.
        public let adjusted: Double?

        /// Whether it lies within the noise around the best.
        public var isWithinNoise: Bool { fromBest.map { !$0.stands(p: adjusted) } ?? true }
    }

    public let metric: Metric
    public let songs: Int
    public let replicates: Int
    public let level: Double
    /// In order of dose.
    public let points: [Point]
    /// Of `points`.
    public let best: Int
    /// The doses that were best in all but (1 - level) of the resamples: how sure the best dose is.
    public let plausible: ClosedRange<Double>
    /// The smallest dose from which on every dose up to the best is within noise of the best: more buys nothing there
    /// that these songs and seeds can show.
    public let plateau: Double

    /// - parameters:
    ///   - doses: one an arm, each once.
    ///   - arms: [dose][replicate][song]; all with the same number of replicates, paired by position.
    /// - Throws: `LearnError` as `PairedComparison.differences`, and for fewer than two doses or a dose named twice.
    public init(
        metric: Metric, doses: [Double], truth: [Double], arms: [[[Double]]], comparison: PairedComparison
    ) throws {
        guard doses.count >= 2, Set(doses).count == doses.count, doses.count == arms.count, doses.allSatisfy(\.isFinite)
        else {
            throw LearnError.badParameter(
                name: "doses", value: "\(doses)", allowed: "at least two different numbers, one an arm")
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

    /// The first of equals.
    private static func place(ofBest scores: [Double], _ metric: Metric) -> Int {
        scores.indices.max { left, right in
            let (l, r) = metric.largerIsBetter ? (scores[left], scores[right]) : (-scores[left], -scores[right])
            return l == r ? left > right : l < r
        } ?? 0
    }

    /// How often each arm wins when songs and replicates are drawn anew. Replicates - 1 of the replicates are drawn
    /// with replacement, the same for all arms: drawing all of them would understate their variance by 1/R (Rao and Wu
    /// 1988).
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
