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

    /// Folds of an inner cross-validation that do not tear a group apart. Dealt the same whatever the run's seed.
    /// - parameter purpose: what is chosen by them, as `alpha`; the parameter that would make them needless.
    /// - throws: `StageFailure` where there are too few songs or groups.
    func innerFolds(_ count: Int, choosing purpose: String) throws -> CVFolds {
        do {
            let planned = zip(songs, groups).map { SplitSong(id: $0, group: $1) }
            return try SplitPlanner(songs: planned).folds(count: count, seed: 0).cvFolds(for: songs)
        } catch LearnError.cannotSplit(let reason) {
            throw StageFailure(
                "The inner cross-validation that chooses \(purpose) cannot be dealt: \(reason). Lower `folds`, give `\(purpose)`, or train on more songs."
            )
        }
    }
}
