/// The set of songs that a metric was measured on, derived from its name: `score.test.valence.ccc` is of test songs.
public enum ScoredSet: String, Sendable {
    case train, validation, test

    private static let words: [Substring: ScoredSet] = [
        "train": .train, "train_in_sample": .train, "validation": .validation, "val": .validation, "test": .test,
        "pooled": .test,
        "out_of_fold": .test,
    ]

    /// Nil if no part of the name is the name of a set.
    public init?(metric: String) {
        guard let found = metric.split(separator: ".").compactMap({ Self.words[$0] }).first else { return nil }
        self = found
    }

    /// The warning for selecting by a metric of test songs; nil for other metrics.
    /// - Parameter count: number of arms or runs to select from.
    public static func warning(choosingBy metric: String, among count: Int) -> String? {
        guard count > 1, ScoredSet(metric: metric) == .test else { return nil }
        let other = metric.split(separator: ".", omittingEmptySubsequences: false)
            .map { words[$0] == .test ? "validation" : String($0) }.joined(separator: ".")
        return
            "`\(metric)` is measured on test songs: the best of \(count) selected by it looks better than it is. "
            + "Select by a validation metric (`\(other)`), and use the test songs only once."
    }
}
