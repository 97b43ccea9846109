extension Bootstrap {
    /// Percentile intervals of the scores of a classifier, over songs.
    public func intervals(_ predictions: ClassPredictions) -> [ClassMetric: Interval] {
        summary(predictions.score, songs: predictions.truth.count) { predictions.selecting(rows: $0).score }
    }

    /// Intervals of (second - first) of two classifiers on the same songs. The difference is significant at this level
    /// if its interval excludes 0.
    ///
    /// - Precondition: both have the same songs in the same order.
    public func differences(_ first: ClassPredictions, _ second: ClassPredictions) -> [ClassMetric: Interval] {
        precondition(first.truth.count == second.truth.count, "Both classifiers need the same songs.")
        return summary(second.score.minus(first.score), songs: first.truth.count) { rows in
            second.selecting(rows: rows).score.minus(first.selecting(rows: rows).score)
        }
    }

    private func summary(_ estimate: ClassScore, songs: Int, score: ([Int]) -> ClassScore) -> [ClassMetric: Interval] {
        let scores = (0..<replicates).map { score(indices(replicate: $0, count: songs)) }
        return Dictionary(
            uniqueKeysWithValues: ClassMetric.allCases.map { metric in
                (
                    metric,
                    Interval(estimate: estimate[metric], replicates: scores.map { $0[metric] }, level: level)
                )
            })
    }
}
