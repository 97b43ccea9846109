public import SentioLearn

/// Arms against a baseline arm, dimension by dimension: differences with intervals, p adjusted for the number of arms.
public struct ArmComparison: Sendable {
    public let labels: [String]
    /// Of `labels`.
    public let baseline: Int
    public let metric: Metric
    public let resolution: Double
    public let aligned: AlignedArms
    public let dimensions: [Dimension]

    public struct Dimension: Sendable {
        public let name: String
        /// One an arm: its scores with their intervals.
        public let scores: [[Metric: Interval]]
        /// One an arm, against the baseline; nil for the baseline itself.
        public let differences: [Contrast?]
    }

    /// One arm against the baseline.
    public struct Contrast: Sendable {
        public let differences: [Metric: ModelDifference]
        /// By Holm over the arms of this dimension and metric.
        public let adjusted: [Metric: Double]
    }

    /// - parameters:
    ///   - baseline: its place among the arms.
    ///   - metric: the one that verdicts are about.
    ///   - resolution: the difference one would want to be able to see.
    /// - throws: `ComparisonError`, `LearnError`.
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

    /// What a reader of the numbers must know beside what had to be left out.
    public var cautions: [String] {
        guard aligned.set == "test", labels.count > 2 else { return [] }
        return [
            "These are test songs: whichever of the \(labels.count) arms is chosen by them, its score here is too "
                + "good. Choose by validation or out-of-fold songs (--set), then look at the test songs once."
        ]
    }

    /// Whether replicates say what seeds do.
    public var hasReplicates: Bool { aligned.replicates.count > 1 }
}
