/// The songs that a metric is of, as its name tells: `score.test.valence.ccc` is of test songs.
public enum ScoredSet: String, Sendable {
    case train, validation, test

    private static let words: [Substring: ScoredSet] = [
        "train": .train, "train_in_sample": .train, "validation": .validation, "val": .validation, "test": .test,
        "pooled": .test,
        "out_of_fold": .test,
    ]

    /// nil where the name says nothing of the kind.
    public init?(metric: String) {
        guard let found = metric.split(separator: ".").compactMap({ Self.words[$0] }).first else { return nil }
        self = found
    }

    /// What is to be said where something is chosen by a metric: nil where it is not of test songs.
    /// - parameter count: how many arms or runs there are to choose from.
    public static func warning(choosingBy metric: String, among count: Int) -> String? {
        guard count > 1, ScoredSet(metric: metric) == .test else { return nil }
        let other = metric.split(separator: ".", omittingEmptySubsequences: false)
            .map { words[$0] == .test ? "validation" : String($0) }.joined(separator: ".")
        return
            "`\(metric)` is of test songs: choosing one of \(count) by it makes the chosen one look better than it is. "
            + "Choose by songs that no score is reported on (`\(other)`), and look at the test songs once."
    }
}
