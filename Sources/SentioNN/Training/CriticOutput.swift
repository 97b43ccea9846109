/// What a critic says of a batch: scores, and the ratings that it reads off the spectrograms if it has a second head.
struct CriticOutput {
    let scores: [Double]
    /// [batch, dimensions]; empty without a second head.
    let ratings: [Double]

    /// - Parameter values: [batch, 1 + dimensions] or [batch, 1], as `Discriminator.scoresAndRatings` lays them out.
    init(_ values: UnsafeBufferPointer<Float>, batch: Int) {
        let width = values.count / max(1, batch)
        scores = (0..<batch).map { Double(values[$0 * width]) }
        ratings = (0..<batch).flatMap { row in (1..<max(1, width)).map { Double(values[row * width + $0]) } }
    }

    /// The mean squared error of the ratings that were read, and its gradient for each; 0 and nothing without any.
    func ratingError(_ truth: [Float]) -> (value: Double, gradient: [Double]) {
        guard !ratings.isEmpty else { return (0, []) }
        let count = Double(ratings.count), differences = zip(ratings, truth).map { $0 - Double($1) }
        return (differences.reduce(0) { $0 + $1 * $1 } / count, differences.map { 2 * $0 / count })
    }

    /// The gradient of all outputs in their order, from those of scores and ratings.
    func gradient(scores slopes: [Double], ratings gradient: [Double]) -> [Float] {
        let dimensions = ratings.count / max(1, scores.count)
        return slopes.enumerated().flatMap { row, slope -> [Float] in
            let own =
                gradient.isEmpty
                ? [Float](repeating: 0, count: dimensions)
                : gradient[row * dimensions..<(row + 1) * dimensions].map { Float($0) }
            return [Float(slope)] + own
        }
    }
}
