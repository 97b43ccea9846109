public import SentioLearn

/// Arms compared with a baseline arm in each dimension: differences with intervals, and p adjusted for the number of
/// arms.
public struct ArmComparison: Sendable {
    /// Names of the arms.
    public let labels: [String]
    /// Index of the baseline in `labels`.
    public let baseline: Int
    /// The metric of the verdicts.
    public let metric: Metric
    let resolution: Double
    /// The songs and predictions that are compared.
    public let aligned: AlignedArms
    /// The results, one per rated dimension.
    public let dimensions: [Dimension]

    /// Results in one rated dimension.
    public struct Dimension: Sendable {
        /// `valence`, `arousal`.
        public let name: String
        /// Scores with their intervals, one per arm.
        public let scores: [[Metric: Interval]]
        /// Differences from the baseline, one per arm; nil for the baseline itself.
        public let differences: [Contrast?]
    }

    /// One arm compared with the baseline.
    public struct Contrast: Sendable {
        /// Score of the arm minus that of the baseline.
        public let differences: [Metric: ModelDifference]
        /// p, Holm-adjusted over the arms of this dimension and metric.
        public let adjusted: [Metric: Double]
    }

    /// - Parameters:
    ///   - labels: names of the arms.
    ///   - baseline: index of the baseline. Default 0.
    ///   - metric: the metric of the verdicts. Default CCC.
    ///   - resolution: the difference worth detecting. Default 0.01.
    /// - Throws: `ComparisonError`, `LearnError`.
    public init(
        _ aligned: AlignedArms, labels: [String], baseline: Int = 0, metric: Metric = .ccc, resolution: Double = 0.01,
        statistics: PairedComparison
    ) throws {
        guard labels.count >= 2, labels.indices.contains(baseline) else { throw ComparisonError.tooFewArms }
        self.labels = labels
        self.baseline = baseline
        self.metric = metric
        self.resolution = resolution
        self.aligned = aligned
        dimensions = try aligned.dimensions.map { dimension in
            let scores = try dimension.predicted.map { try statistics.scores(truth: dimension.truth, predictions: $0) }
            let found = try dimension.predicted.indices.map { index in
                try index == baseline
                    ? nil
                    : statistics.differences(
                        truth: dimension.truth, first: dimension.predicted[baseline], second: dimension.predicted[index]
                    )
            }
            var adjusted: [Metric: [Double]] = [:]
            for metric in Metric.allCases {
                adjusted[metric] = HolmAdjustment.adjusted(found.map { $0?[metric]?.p ?? .nan })
            }
            return Dimension(
                name: dimension.name, scores: scores,
                differences: found.enumerated().map { index, differences in
                    differences.map { Contrast(differences: $0, adjusted: adjusted.mapValues { $0[index] }) }
                })
        }
    }

    /// Warnings about the interpretation of the numbers, as sentences.
    public var cautions: [String] {
        guard aligned.set == "test", labels.count > 2 else { return [] }
        return [
            "These are test songs: if the best of the \(labels.count) arms is selected on them, its score is biased "
                + "upward. Select on validation or out-of-fold songs (--set), then evaluate on the test songs once."
        ]
    }

    /// Whether there are replicates, and therefore an estimate of seed noise.
    public var hasReplicates: Bool { aligned.replicates.count > 1 }
}
