/// The fold of each song in a k-fold cross-validation; every song is in exactly one.
public struct FoldPlan: Sendable, Equatable, Codable {
    /// Folds are numbered 0..<count.
    public let count: Int
    /// The fold number of each song, by id.
    public let folds: [String: Int]

    /// The ids of one fold, ascending.
    public func songs(in fold: Int) -> [String] {
        folds.filter { $0.value == fold }.keys.sorted()
    }

    /// The folds for a table whose rows are these songs.
    ///
    /// - Throws: `LearnError.badFolds` if a song is not in the plan.
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
