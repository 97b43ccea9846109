import SentioKit
import SentioLearn
import SentioNumerics

/// The songs that a model is fitted on, with all that is known of them.
struct TrainingSet {
    let songs: [String]
    /// Songs × features; NaN where a value is missing, if the reader lets it pass.
    let features: Matrix
    /// Songs × dimensions, in rating units.
    let targets: Matrix
    let featureNames: [String]
    let dimensions: [String]
    /// What keeps songs together, by song; nil for a song on its own.
    let groups: [String?]
    /// The context of each song; nil where the stage has none.
    let contexts: SongContexts?
    /// What `--set` calls the stage's parameter `folds`.
    let foldsOption: String

    /// The same songs with a column per context behind the features, for methods that know no contexts.
    /// - parameter levels: of the songs to fit on.
    func withContextColumns(_ levels: [String]?) -> TrainingSet {
        guard let contexts, let levels else { return self }
        return TrainingSet(
            songs: songs, features: ContextColumn.append(to: features, contexts, levels: levels), targets: targets,
            featureNames: featureNames + ContextColumn.names(levels), dimensions: dimensions, groups: groups,
            contexts: contexts, foldsOption: foldsOption)
    }

    /// Folds of an inner cross-validation that do not tear a group apart. The same whatever the run's seed.
    /// - parameter purpose: what is chosen by them: `alpha`.
    /// - parameter given: what would make them needless if it were given.
    /// - throws: `StageFailure` where there are too few songs or groups.
    func innerFolds(_ count: Int, choosing purpose: String, unlessGiven given: String) throws -> CVFolds {
        let planner = try SplitPlanner(songs: zip(songs, groups).map { SplitSong(id: $0, group: $1) })
        do { return try planner.folds(count: count, seed: 0).cvFolds(for: songs) } catch LearnError.cannotSplit(
            let reason)
        {
            let largest = Dictionary(grouping: groups.compactMap { $0 }) { $0 }.values.map(\.count).max() ?? 1
            // Each group a fold of its own, which must leave two songs to train on.
            let most =
                planner.groupCount > 1 && songs.count - largest > 1
                ? " At most: `--set \(foldsOption)=\(planner.groupCount)`." : ""
            throw StageFailure(
                "The inner cross-validation that chooses \(purpose) is not possible: \(reason). Lower `folds`, give "
                    + "\(given), or train on more songs.\(most)"
            )
        }
    }
}
