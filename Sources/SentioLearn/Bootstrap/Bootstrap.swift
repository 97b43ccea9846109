public import SentioNumerics

/// Percentile bootstrap intervals of regression metrics (Efron & Tibshirani 1993): songs are resampled with
/// replacement, each together with its truth and all its predictions.
///
/// Deterministic: replicate b draws from Philox(key: seed, stream: b), whatever the number of replicates. The ends of
/// an interval are quantiles by linear interpolation.
public struct Bootstrap: Sendable, Hashable {
    /// How many resamples are drawn.
    public let replicates: Int
    /// Coverage of the intervals: 0.95 for 95 % intervals.
    public let level: Double
    /// Key of the random generator.
    public let seed: UInt64

    /// - Throws: `LearnError.badParameter` for replicates outside 1...1,000,000 or a level that is not between 0 and 1.
    public init(replicates: Int = 2000, level: Double = 0.95, seed: UInt64) throws {
        guard (1...1_000_000).contains(replicates) else {
            throw LearnError.badParameter(
                name: "replicates", value: "\(replicates)", allowed: "between 1 and 1000000")
        }
        guard level > 0, level < 1 else {
            throw LearnError.badParameter(name: "level", value: "\(level)", allowed: "between 0 and 1")
        }
        self.replicates = replicates
        self.level = level
        self.seed = seed
    }

    /// The resample of one replicate: `count` row numbers in 0..<count.
    public func indices(replicate: Int, count: Int) -> [Int] {
        var generator = Philox(key: seed, stream: UInt64(replicate))
        return (0..<count).map { _ in generator.nextInt(below: count) }
    }

    /// The seeds of one hierarchical resample, `count` - 1 of them (see `DoseResponse`), drawn from streams that songs
    /// do not use.
    func seeds(replicate: Int, of count: Int) -> [Int] {
        var generator = Philox(key: seed, stream: 1 << 62 + UInt64(replicate))
        return (1..<count).map { _ in generator.nextInt(below: count) }
    }

    /// Intervals for predictions (songs x targets) against truths of the same shape.
    ///
    /// - Throws: `LearnError` for tables of different shapes, fewer than two songs, or NaN or infinity.
    public func intervals(
        truth: Matrix, prediction: Matrix, targets: [String]? = nil, songs: [String]? = nil
    ) throws -> BootstrapReport {
        let estimate = try RegressionReport(truth: truth, prediction: prediction, targets: targets, songs: songs)
        return report(of: estimate.scores, targets: estimate.targets, songs: truth.rows) { indices in
            resampled(truth, prediction, indices)
        }
    }

    /// Intervals of (second - first) for the predictions of two models for the same songs. The difference is
    /// significant at this level if its interval excludes 0.
    ///
    /// - Throws: `LearnError` for tables of different shapes, fewer than two songs, or NaN or infinity.
    public func differences(
        truth: Matrix, first: Matrix, second: Matrix, targets: [String]? = nil, songs: [String]? = nil
    ) throws -> BootstrapReport {
        let one = try RegressionReport(truth: truth, prediction: first, targets: targets, songs: songs)
        let two = try RegressionReport(truth: truth, prediction: second, targets: targets, songs: songs)
        let estimate = zip(one.scores, two.scores).map { $1.minus($0) }
        return report(of: estimate, targets: one.targets, songs: truth.rows) { indices in
            zip(resampled(truth, first, indices), resampled(truth, second, indices)).map { $1.minus($0) }
        }
    }

    /// Intervals of any scores that can be computed from row numbers; `estimate` has one per target.
    func report(
        of estimate: [RegressionScore], targets: [String], songs: Int, score: ([Int]) -> [RegressionScore]
    ) -> BootstrapReport {
        var all: [[RegressionScore]] = estimate.map { _ in [] }
        var means: [RegressionScore] = []
        for replicate in 0..<replicates {
            let scores = score(indices(replicate: replicate, count: songs))
            for (target, score) in scores.enumerated() { all[target].append(score) }
            means.append(RegressionScore.mean(of: scores))
        }
        return BootstrapReport(
            songs: songs, replicates: replicates, level: level, seed: seed, targets: targets,
            intervals: zip(estimate, all).map(summary),
            mean: summary(RegressionScore.mean(of: estimate), means))
    }

    private func summary(_ estimate: RegressionScore, _ replicates: [RegressionScore]) -> [Metric: Interval] {
        Dictionary(
            uniqueKeysWithValues: Metric.allCases.map { metric in
                let values = replicates.map { $0[metric] }
                return (metric, Interval(estimate: estimate[metric], replicates: values, level: level))
            })
    }

    private func resampled(_ truth: Matrix, _ prediction: Matrix, _ indices: [Int]) -> [RegressionScore] {
        let columns = truth.columns
        return truth.withUnsafeValues { truths in
            prediction.withUnsafeValues { predictions in
                withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * indices.count) { scratch in
                    let t = UnsafeMutableBufferPointer(rebasing: scratch[..<indices.count])
                    let p = UnsafeMutableBufferPointer(rebasing: scratch[indices.count...])
                    return (0..<columns).map { column in
                        for (place, row) in indices.enumerated() {
                            t[place] = truths[row * columns + column]
                            p[place] = predictions[row * columns + column]
                        }
                        return RegressionScore(
                            truth: UnsafeBufferPointer(t), prediction: UnsafeBufferPointer(p))
                    }
                }
            }
        }
    }
}

extension RegressionScore {
    /// The difference of each metric.
    func minus(_ other: RegressionScore) -> RegressionScore {
        RegressionScore(
            mse: mse - other.mse, rmse: rmse - other.rmse, mae: mae - other.mae, r2: r2 - other.r2,
            pearson: pearson - other.pearson, ccc: ccc - other.ccc)
    }
}
