public import SentioKit

/// A number of a song-by-song comparison that a claim can use. Names as in `runs compare --json`.
public enum ComparedWord: String, Sendable, CaseIterable {
    /// The mean difference, the ends of its confidence interval, and its p-value.
    case difference, low, high, p
    /// The p-value with Holm's adjustment over the arms of a sweep.
    case adjusted = "p_holm"
}

/// The comparison of two arms or stages in one measure, or the interval of one arm: the numbers that `runs compare`
/// prints.
public struct ComparedNumbers: Sendable, Equatable {
    /// Numbers by name; those that do not apply are absent.
    public let values: [ComparedWord: Double]
    /// Number of songs compared.
    public let songs: Int
    /// Number of replicates compared; 1 within a run.
    public let replicates: Int

    /// The result of one comparison.
    public init(_ values: [ComparedWord: Double], songs: Int, replicates: Int) {
        self.values = values
        self.songs = songs
        self.replicates = replicates
    }

    /// ` is 0.012 (174 songs, 3 replicates)`.
    package func evidence(_ value: Double) -> String {
        " is \(value) "
            + "(\(songs == 1 ? "1 song" : "\(songs) songs")\(replicates > 1 ? ", \(replicates) replicates" : ""))"
    }
}

/// A measure of one dimension on one set of songs: `score.test.arousal.r2`.
public struct ComparedMetric: Sendable, Hashable {
    /// The stage that scored.
    public let stage: String
    /// Set of songs: `test`.
    public let set: String
    /// `arousal`; may contain dots.
    public let dimension: String
    /// `r2`.
    public let measure: String

    /// Splits the metric into set, dimension and measure.
    /// - Parameter measures: measures that can be compared; empty: any.
    /// - Throws: `StageFailure` for a metric that cannot be compared.
    package init(_ name: MetricName, measures: [String]) throws(StageFailure) {
        let parts = name.metric.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 3, !parts.contains("") else {
            let measure = parts.last ?? "ccc"
            throw StageFailure(
                "Songs are compared in a single dimension: write `\(name.stage).SET.DIMENSION.MEASURE`, such as "
                    + "`\(name.stage).test.arousal.\(measure)`, not `\(name.text)`."
            )
        }
        stage = name.stage
        set = parts[0]
        dimension = parts[1..<(parts.count - 1)].joined(separator: ".")
        measure = parts[parts.count - 1]
        guard measures.isEmpty || measures.contains(measure) else {
            let hint = Suggestion.nearest(to: measure, among: measures).map { " Did you mean `\($0)`?" } ?? ""
            throw StageFailure(
                "`\(name.text)` cannot be compared song by song; the measures that can are "
                    + "\(measures.joined(separator: ", ")).\(hint)"
            )
        }
    }
}

/// Compares two stages of a run song by song. The engine knows no measures, so its user supplies this.
public protocol StageStatistics: Sendable {
    /// The numbers of (stage - baseline).
    /// - Throws: `StageFailure` if they cannot be compared.
    func numbers(of metric: ComparedMetric, stage: StageOutcome, baseline: StageOutcome) throws(StageFailure)
        -> ComparedNumbers

    /// The comparison in one sentence: differences with their intervals and p, in every dimension.
    /// - Parameter metric: `test.ccc`, which gives the set and the measure; nil: the default ones of comparisons.
    /// - Throws: `StageFailure` if they cannot be compared.
    func verdict(metric: String?, stage: ComparedStage, baseline: ComparedStage) throws(StageFailure) -> String
}

/// A stage that scored songs, and its name in messages.
public struct ComparedStage: Sendable {
    /// The model, if the stage scores one: `ast` for `ast_score`.
    public let label: String
    /// How the stage ended, with its outputs.
    public let outcome: StageOutcome

    /// A stage under the name `label`.
    public init(label: String, outcome: StageOutcome) {
        self.label = label
        self.outcome = outcome
    }
}
