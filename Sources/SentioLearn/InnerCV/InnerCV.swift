public import SentioNumerics

/// Cross-validation inside a training set, to choose between candidates (an alpha, a C and gamma, a tree depth).
///
/// It works with any model: the caller's closure does everything that learns, including scaling, from the training rows
/// alone, so held-out rows cannot leak into a fit.
public struct InnerCV: Sendable, Hashable {
    /// How rows are assigned to folds.
    public let folds: CVFolds

    /// Default: 5 folds, as in scikit-learn.
    public init(folds: CVFolds = .seeded(count: 5, seed: 0)) {
        self.folds = folds
    }

    /// What the closure gets of one fold.
    public struct Part: Sendable {
        /// The rows of the fold.
        public let fold: CVFold
        /// Training rows x features.
        public let features: Matrix
        /// Training rows x targets.
        public let targets: Matrix
        /// Held-out rows x features.
        public let validationFeatures: Matrix
    }

    /// Scores candidates. The closure fits all of them on one part, so that they can share work, and returns the
    /// predictions of each candidate, in order, for the held-out rows.
    ///
    /// - Parameters:
    ///   - features: rows x features.
    ///   - targets: rows x targets.
    ///   - predict: returns one matrix per candidate, held-out rows x targets.
    /// - Throws: `LearnError.badFolds`, `.rowMismatch`, and what the closure throws.
    /// - Precondition: the closure returns `candidates` matrices of the right shape.
    public func score(
        candidates: Int, features: Matrix, targets: Matrix, predict: (Part) throws -> [Matrix]
    ) throws -> CVCurve {
        precondition(candidates > 0, "A cross-validation needs at least one candidate.")
        try TableChecks.requireSameRows(features, "features", targets, "targets")
        let errors = try folds.make(rows: features.rows).map { fold in
            let part = Part(
                fold: fold, features: features.selecting(rows: fold.trainingRows),
                targets: targets.selecting(rows: fold.trainingRows),
                validationFeatures: features.selecting(rows: fold.validationRows))
            let predictions = try predict(part)
            precondition(predictions.count == candidates, "A fold needs one table of predictions per candidate.")
            let truth = targets.selecting(rows: fold.validationRows)
            return Matrix(
                rows: candidates, columns: targets.columns,
                values: predictions.flatMap { Self.meanSquaredErrors(truth, $0) })
        }
        return CVCurve(folds: errors)
    }

    private static func meanSquaredErrors(_ truth: Matrix, _ prediction: Matrix) -> [Double] {
        precondition(
            prediction.rows == truth.rows && prediction.columns == truth.columns,
            "Predictions need the shape of the held-out targets.")
        var sums = [Double](repeating: 0, count: truth.columns)
        for row in 0..<truth.rows {
            for (column, (t, p)) in zip(truth.row(row), prediction.row(row)).enumerated() {
                sums[column] += (t - p) * (t - p)
            }
        }
        return sums.map { $0 / Double(truth.rows) }
    }
}
