import Foundation
import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// What the kinds that score classes share: the outputs, and reading truths and predictions.
struct ClassScoring {
    static let labels = InputPort("labels", .labels, "The true classes, a column of metadata.")
    static let scores = OutputPort(
        "scores", .scores, "Scores with intervals, and songs by true and predicted class, as JSON.")
    static let songs = OutputPort(
        "songs", .scoredClasses, "True and predicted class of each scored song, and its log loss.")

    let column: String
    /// Those of the model, then those that only songs have.
    let classes: [String]
    private let known: Int
    private let codes: [String: Int]

    /// - parameter modelClasses: the classes that predictions have a column for.
    /// - parameter found: the true classes of all songs that are scored or counted; "" for none.
    init(column: String, modelClasses: [String], found: [String]) {
        self.column = column
        let strangers = Set(found).subtracting(modelClasses + [""]).sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
        classes = modelClasses + strangers
        known = modelClasses.count
        codes = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    }

    /// The classes of some songs that the model does not know.
    func strangers(among found: [String]) -> [String] {
        classes[known...].filter { found.contains($0) }
    }

    /// The index of a class.
    /// - precondition: it is among those that the scoring was made with.
    func code(_ name: String) -> Int {
        guard let code = codes[name] else { preconditionFailure("The class \(name) was not announced.") }
        return code
    }

    /// Probabilities with a column of zeros for each class that the model does not know.
    func widened(_ probabilities: Matrix) -> Matrix {
        guard known < classes.count else { return probabilities }
        let zeros = [Double](repeating: 0, count: classes.count - known)
        return Matrix(
            rows: probabilities.rows, columns: classes.count,
            values: (0..<probabilities.rows).flatMap { probabilities.row($0) + zeros })
    }

    /// The shares of the classes among some songs, as the probabilities of other songs.
    func shares(of training: [String], songs count: Int) -> Matrix {
        let sizes = classes.map { name in Double(training.count { $0 == name }) / Double(training.count) }
        return Matrix(
            rows: count, columns: classes.count, values: (0..<count).flatMap { _ in sizes })
    }

    /// Predictions of songs whose classes are known.
    /// - throws: `LearnError`.
    func predictions(_ truth: [String], _ probabilities: Matrix, songs: [String]) throws -> ClassPredictions {
        try ClassPredictions(truth: truth.map { code($0) }, probabilities: probabilities, songs: songs)
    }

    /// The rows of the table of scored songs.
    func rows(_ songs: [String], set: String, _ predictions: ClassPredictions) -> [[String]] {
        songs.enumerated().map { row, song in
            [
                song, set, classes[predictions.truth[row]], classes[predictions.predicted[row]],
                "\(predictions.losses[row])",
            ]
        }
    }

    /// The table of scored songs.
    func table(_ rows: [[String]]) -> Table {
        Table(
            columns: ["song_id", "set", column + "_true", column + "_predicted", "log_loss"],
            rows: rows.sorted { $0[0].utf8.lexicographicallyPrecedes($1[0].utf8) })
    }
}
