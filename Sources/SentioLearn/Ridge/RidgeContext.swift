public import SentioNumerics

/// What a ridge regression has learned of the contexts of its songs: how the coefficients of each differ from the
/// common ones. A song of another context is predicted by the common coefficients and intercept alone.
public struct RidgeContext: Sendable, Equatable, Codable {
    /// The contexts.
    public let levels: [String]
    /// For each level what it adds to the common coefficients: targets x features, per unit of the scaled features.
    public let coefficients: [Matrix]
    /// What each level adds to the intercepts: levels x targets.
    public let offsets: Matrix
    /// The weights of each target.
    public let weights: [ContextWeights]

    /// Adds what the levels say to predictions by the common part.
    ///
    /// - Parameters:
    ///   - predictions: songs x targets.
    ///   - scaled: songs x features, scaled.
    ///   - codes: the level of each song.
    static func add(
        coefficients: [Matrix], offsets: Matrix, scaled: Matrix, codes: [Int?], to predictions: inout Matrix
    ) {
        for (level, own) in coefficients.enumerated() {
            let rows = codes.indices.filter { codes[$0] == level }
            guard !rows.isEmpty else { continue }
            let part = scaled.selecting(rows: rows).times(own, transposeOther: true)
            for (place, row) in rows.enumerated() {
                for target in 0..<predictions.columns {
                    predictions[row, target] += part[place, target] + offsets[level, target]
                }
            }
        }
    }

    func validate(features: Int, targets: Int) throws(LearnError) {
        guard coefficients.count == levels.count, offsets.rows == levels.count, offsets.columns == targets,
            weights.count == targets, coefficients.allSatisfy({ $0.rows == targets && $0.columns == features })
        else {
            throw .damagedModel(
                reason: "the coefficients of its contexts are not those of \(levels.count) levels, \(targets) targets "
                    + "and \(features) features")
        }
        guard coefficients.allSatisfy({ $0.values.allSatisfy(\.isFinite) }), offsets.values.allSatisfy(\.isFinite)
        else {
            throw .damagedModel(reason: "a coefficient of a context is not a finite number")
        }
    }
}
