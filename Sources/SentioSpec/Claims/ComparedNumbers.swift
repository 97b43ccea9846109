public import SentioKit

/// What a claim may ask of a comparison song by song; the names are those of `runs compare --json`.
public enum ComparedWord: String, Sendable, CaseIterable {
    case difference, low, high, p
    /// p by Holm over the arms of a sweep.
    case adjusted = "p_holm"
}

/// A comparison of two arms or stages in one measure, or the interval of one arm: the numbers that `runs compare`
/// prints.
public struct ComparedNumbers: Sendable, Equatable {
    public let values: [ComparedWord: Double]
    public let songs: Int
    public let replicates: Int

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
    public let stage: String
    public let set: String
    public let dimension: String
    public let measure: String

    /// - parameter measures: those that can be compared; empty: any.
    /// - throws: `StageFailure` for a metric that no comparison is about.
    package init(_ name: MetricName, measures: [String]) throws(StageFailure) {
        let parts = name.metric.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 3, !parts.contains("") else {
            let measure = parts.last ?? "ccc"
            throw StageFailure(
                "Songs are compared in one dimension: write `\(name.stage).SET.DIMENSION.MEASURE`, such as "
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
                "`\(name.text)` cannot be compared song by song: the measures are "
                    + "\(measures.joined(separator: ", ")).\(hint)"
            )
        }
    }
}

/// Compares two stages of a run song by song. The engine knows no measure: whoever wires it up does.
public protocol StageStatistics: Sendable {
    /// Of (stage - baseline).
    /// - throws: `StageFailure` where they cannot be compared.
    func numbers(of metric: ComparedMetric, stage: StageOutcome, baseline: StageOutcome) throws(StageFailure)
        -> ComparedNumbers

    /// The comparison in one sentence: differences with their intervals and p, in every dimension.
    /// - parameter metric: `test.ccc`, of which the set and the measure count; nil: the set and the measure that
    ///   comparisons are about where nobody says.
    /// - throws: `StageFailure` where they cannot be compared.
    func verdict(metric: String?, stage: ComparedStage, baseline: ComparedStage) throws(StageFailure) -> String
}

/// A stage that scored songs, and what sentences call it.
public struct ComparedStage: Sendable {
    /// The model, where the stage scores one: `ast` of `ast_score`.
    public let label: String
    public let outcome: StageOutcome

    public init(label: String, outcome: StageOutcome) {
        self.label = label
        self.outcome = outcome
    }
}
