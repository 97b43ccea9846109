import Foundation

/// The margins and probabilities of some rows for every class, and which class each row is of.
final class ClassTable {
    let rows: Int
    /// One buffer per class.
    let margins: [NumberBuffer<Float>]
    let probabilities: [NumberBuffer<Float>]
    /// 1 for rows of the class, otherwise 0.
    let targets: [NumberBuffer<Float>]

    /// - parameter classes: the class of each row.
    /// - parameter baseScores: the margin of each class before any tree.
    init(_ classes: [Int], baseScores: [Float]) {
        rows = classes.count
        func buffers() -> [NumberBuffer<Float>] { baseScores.map { _ in NumberBuffer(classes.count) } }
        (margins, probabilities, targets) = (buffers(), buffers(), buffers())
        for (index, score) in baseScores.enumerated() {
            margins[index].start.update(repeating: score, count: rows)
            for (row, own) in classes.enumerated() { targets[index].start[row] = own == index ? 1 : 0 }
        }
        update(threads: 1)
    }

    /// Computes the probabilities of all rows from their margins.
    func update(threads: Int) {
        RowParts.forEach(rows, threads: threads) { _, range in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: margins.count) { row in
                for index in range {
                    for (place, margin) in margins.enumerated() {
                        row.initializeElement(at: place, to: margin.start[index])
                    }
                    Softmax.transform(row)
                    for (place, probability) in probabilities.enumerated() { probability.start[index] = row[place] }
                }
            }
        }
    }

    /// The mean cross-entropy.
    func loss(_ function: any BoostingLoss) -> Double {
        let sum = margins.indices.reduce(0) { sum, place in
            sum
                + function.sum(
                    predictions: probabilities[place].start, targets: targets[place].start, count: rows)
        }
        return sum / Double(rows)
    }
}
