import SentioKit
import SentioLearn
import SentioNumerics

/// The songs that a model is fitted on, with everything that the fit needs.
struct TrainingSet {
    let songs: [String]
    /// Songs × features; NaN where a value is missing, if the reader allows it.
    let features: Matrix
    /// Songs × dimensions, in rating units.
    let targets: Matrix
    let featureNames: [String]
    let dimensions: [String]
    /// The group of each song, whose songs stay together; nil for a song on its own.
    let groups: [String?]
    /// The context of each song; nil where the stage has none.
    let contexts: SongContexts?
    /// The name of the stage's parameter `folds` for `--set`.
    let foldsOption: String

    /// The same songs with an indicator column per context after the features, for methods that take no contexts.
    /// - parameter levels: the contexts of the songs to fit on.
    func withContextColumns(_ levels: [String]?) -> TrainingSet {
        guard let contexts, let levels else { return self }
        return TrainingSet(
            songs: songs, features: ContextColumn.append(to: features, contexts, levels: levels), targets: targets,
            featureNames: featureNames + ContextColumn.names(levels), dimensions: dimensions, groups: groups,
            contexts: contexts, foldsOption: foldsOption)
    }

    /// The songs of these rows. The contexts to fit on are those that remain.
    func selecting(rows: [Int]) -> TrainingSet {
        TrainingSet(
            songs: rows.map { songs[$0] }, features: features.selecting(rows: rows),
            targets: targets.selecting(rows: rows), featureNames: featureNames, dimensions: dimensions,
            groups: rows.map { groups[$0] }, contexts: contexts?.selecting(rows: rows), foldsOption: foldsOption)
    }

    /// Folds of the calibration, which keep groups together. Others than those of the inner cross-validation that chose
    /// the settings, whose errors are a little too small. Independent of the run's seed.
    /// - throws: `StageFailure` where there is only one group.
    /// - parameter most: fewer where there are fewer groups.
    func calibrationFolds(atMost most: Int) throws -> CVFolds {
        let planner = try SplitPlanner(songs: zip(songs, groups).map { SplitSong(id: $0, group: $1) })
        let count = min(most, planner.groupCount)
        guard count >= 2 else {
            throw StageFailure(
                "`calibration_folds` needs at least two groups of training songs, and all \(songs.count) are in one. "
                    + "Set it to 0, or train on more songs.")
        }
        return try planner.folds(count: count, seed: 1).cvFolds(for: songs)
    }

    /// Folds of an inner cross-validation that keep groups together. Independent of the run's seed.
    /// - parameter purpose: what the folds choose: `alpha`.
    /// - parameter given: the setting that would make the folds unnecessary.
    /// - throws: `StageFailure` where there are too few songs or groups.
    func innerFolds(_ count: Int, choosing purpose: String, unlessGiven given: String) throws -> CVFolds {
        let planner = try SplitPlanner(songs: zip(songs, groups).map { SplitSong(id: $0, group: $1) })
        do { return try planner.folds(count: count, seed: 0).cvFolds(for: songs) } catch LearnError.cannotSplit(
            let reason)
        {
            let largest = Dictionary(grouping: groups.compactMap { $0 }) { $0 }.values.map(\.count).max() ?? 1
            // At most one fold per group, and every fold must leave two songs to train on.
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
