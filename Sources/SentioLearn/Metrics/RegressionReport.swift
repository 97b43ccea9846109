public import SentioNumerics

/// The scores of every target and their mean.
public struct RegressionReport: Sendable, Equatable, Codable {
    /// How many songs were scored.
    public let songs: Int
    /// Names of the targets, in column order.
    public let targets: [String]
    /// The score of each target.
    public let scores: [RegressionScore]
    /// The mean of each metric over targets.
    public let mean: RegressionScore

    /// Scores predictions (songs x targets) against truths of the same shape. `songs` names the rows in messages.
    /// Deterministic.
    ///
    /// - Throws: `LearnError` for tables of different shapes, fewer than two songs, or NaN or infinity.
    public init(truth: Matrix, prediction: Matrix, targets: [String]? = nil, songs: [String]? = nil) throws {
        let names = try Self.check(truth, prediction, targets: targets, songs: songs, method: "A regression score")
        let scores = (0..<truth.columns).map { column in
            truth.column(column).withUnsafeBufferPointer { truths in
                prediction.column(column).withUnsafeBufferPointer { predictions in
                    RegressionScore(truth: truths, prediction: predictions)
                }
            }
        }
        self.songs = truth.rows
        self.targets = names
        self.scores = scores
        mean = RegressionScore.mean(of: scores)
    }

    /// Checks two tables before scoring and returns the names of their columns.
    static func check(
        _ truth: Matrix, _ prediction: Matrix, targets: [String]?, songs: [String]?, method: String
    ) throws(LearnError) -> [String] {
        try TableChecks.requireSameRows(truth, "truths", prediction, "predictions")
        try TableChecks.requireNotEmpty(truth, table: "truths")
        try TableChecks.requireColumns(prediction, truth.columns, table: "predictions")
        if truth.rows < 2 { throw .tooFewRows(method: method, rows: truth.rows, needed: 2) }
        let names = try TableChecks.names(targets, count: truth.columns, prefix: "y", table: "truths")
        try TableChecks.requireFinite(truth, table: "truths", columnNames: names, rowNames: songs)
        try TableChecks.requireFinite(prediction, table: "predictions", columnNames: names, rowNames: songs)
        return names
    }
}
