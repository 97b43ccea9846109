/// The fold of each song in a k-fold cross-validation: every song exactly once.
public struct FoldPlan: Sendable, Equatable, Codable {
    /// Folds are numbered 0..<count.
    public let count: Int
    /// By song id.
    public let folds: [String: Int]

    /// The ids of one fold, ascending.
    public func songs(in fold: Int) -> [String] {
        folds.filter { $0.value == fold }.keys.sorted()
    }

    /// The folds of a table's rows, for a cross-validation.
    ///
    /// - Throws: `LearnError.badFolds` for a song that is not in the plan.
    public func cvFolds(for songs: [String]) throws -> CVFolds {
        .given(
            try songs.map { id in
                guard let fold = folds[id] else {
                    throw LearnError.badFolds(reason: "the song \"\(id)\" has no fold")
                }
                return fold
            })
    }
}
