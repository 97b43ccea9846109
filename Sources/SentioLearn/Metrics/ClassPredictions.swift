import Foundation
public import SentioNumerics

/// The true classes of songs, and what one model predicts for them.
public struct ClassPredictions: Sendable, Equatable {
    /// Number of classes.
    public let count: Int
    /// The class of each song.
    public let truth: [Int]
    /// The most probable class of each song, the first of equally probable ones.
    public let predicted: [Int]
    /// The negative natural logarithm of the probability of each song's class. As in scikit-learn, probabilities are
    /// clipped to stay away from 0 and 1 by the precision of a double.
    public let losses: [Double]

    /// - Parameters:
    ///   - truth: the class of each song, a column of `probabilities`.
    ///   - probabilities: songs x classes.
    ///   - songs: row names for messages.
    /// - Throws: `LearnError` for tables of different lengths, no songs, a class out of range, or a probability that is
    ///   not from 0 to 1.
    public init(truth: [Int], probabilities: Matrix, songs: [String]? = nil) throws {
        guard truth.count == probabilities.rows else {
            throw LearnError.rowMismatch(
                first: "classes", firstRows: truth.count, second: "probabilities", secondRows: probabilities.rows)
        }
        try TableChecks.requireNotEmpty(probabilities, table: "probabilities")
        let columns = probabilities.columns
        if let index = truth.first(where: { !(0..<columns).contains($0) }) {
            throw LearnError.badParameter(name: "class", value: "\(index)", allowed: "from 0 to \(columns - 1)")
        }
        let names = (0..<columns).map { "class \($0)" }
        try TableChecks.requireFinite(probabilities, table: "probabilities", columnNames: names, rowNames: songs)
        // Sums in single precision may exceed 1 a little.
        if let value = probabilities.values.first(where: { !(0...1.001).contains($0) }) {
            throw LearnError.badParameter(name: "probability", value: "\(value)", allowed: "from 0 to 1")
        }
        let least = Double.ulpOfOne
        count = columns
        self.truth = truth
        predicted = (0..<truth.count).map { row in
            let own = probabilities.row(row)
            var best = own.startIndex
            for index in own.indices where own[index] > own[best] { best = index }
            return best - own.startIndex
        }
        losses = truth.enumerated().map { row, own in -log(min(1 - least, max(least, probabilities[row, own]))) }
    }

    /// From what a table of scored songs holds.
    ///
    /// - Precondition: all arrays are equally long, and classes are below `count`.
    public init(count: Int, truth: [Int], predicted: [Int], losses: [Double]) {
        precondition(truth.count == predicted.count && truth.count == losses.count, "One entry per song.")
        (self.count, self.truth, self.predicted, self.losses) = (count, truth, predicted, losses)
    }

    /// Songs by true and predicted class.
    public var confusion: ConfusionMatrix { ConfusionMatrix(truth: truth, predicted: predicted, count: count) }

    /// The scores of all songs.
    public var score: ClassScore {
        ClassScore(confusion: confusion, logLoss: losses.reduce(0, +) / Double(max(1, losses.count)))
    }

    /// Some songs, in this order; a song may occur several times.
    ///
    /// - Precondition: the rows exist.
    public func selecting(rows: [Int]) -> ClassPredictions {
        ClassPredictions(
            count: count, truth: rows.map { truth[$0] }, predicted: rows.map { predicted[$0] },
            losses: rows.map { losses[$0] })
    }
}
