/// Songs by true class (rows) and predicted class (columns).
public struct ConfusionMatrix: Sendable, Equatable {
    /// Number of songs, classes x classes.
    public let counts: [[Int]]

    /// - precondition: classes are below `count`, and there are as many truths as predictions.
    init(truth: some Collection<Int>, predicted: some Collection<Int>, count: Int) {
        precondition(truth.count == predicted.count, "Every song has a true and a predicted class.")
        var counts = [[Int]](repeating: [Int](repeating: 0, count: count), count: count)
        for (row, column) in zip(truth, predicted) { counts[row][column] += 1 }
        self.counts = counts
    }

    /// All songs.
    public var songs: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

    /// What the matrix says about one class.
    public struct Class: Sendable, Equatable {
        /// Songs of the class.
        public let support: Int
        /// Songs predicted to be of the class.
        public let predicted: Int
        /// Songs of the class that are predicted to be of it.
        public let correct: Int

        /// The fraction of the predicted songs that are of the class; 0 if none is predicted.
        public var precision: Double { predicted == 0 ? 0 : Double(correct) / Double(predicted) }
        /// The fraction of the class's songs that are predicted; 0 if it has no songs.
        public var recall: Double { support == 0 ? 0 : Double(correct) / Double(support) }
        /// The harmonic mean of precision and recall; 0 if there is no correct prediction.
        public var f1: Double { correct == 0 ? 0 : 2 * Double(correct) / Double(support + predicted) }
    }

    /// Every class, in order.
    public var classes: [Class] {
        counts.indices.map { own in
            Class(
                support: counts[own].reduce(0, +), predicted: counts.reduce(0) { $0 + $1[own] },
                correct: counts[own][own])
        }
    }
}
