public import SentioNumerics

/// A fitted stacking: for each target one weight per base, and an intercept. Stored as JSON.
public struct StackingModel: Sendable, Equatable, Codable {
    /// How predictions are combined.
    public let method: Stacking.Method
    /// Names of the bases, in the order of the weights.
    public let bases: [String]
    /// Names of the targets, in column order.
    public let targets: [String]
    /// Targets x bases, in units of the predictions.
    public let weights: Matrix
    /// The intercept of each target; 0 for methods without one.
    public let intercepts: [Double]
    /// The ridge penalty of each target, for standardized predictions; nil for other methods.
    public let alphas: [Double]?

    /// - Throws: `LearnError.damagedModel` if lengths do not match or a number is not finite.
    public init(
        method: Stacking.Method, bases: [String], targets: [String], weights: Matrix, intercepts: [Double],
        alphas: [Double]?
    ) throws(LearnError) {
        guard weights.rows == targets.count, weights.columns == bases.count, intercepts.count == targets.count else {
            throw .damagedModel(reason: "its weights do not match its bases and targets")
        }
        guard weights.values.allSatisfy(\.isFinite), intercepts.allSatisfy(\.isFinite) else {
            throw .damagedModel(reason: "a weight is not a finite number")
        }
        self.method = method
        self.bases = bases
        self.targets = targets
        self.weights = weights
        self.intercepts = intercepts
        self.alphas = alphas
    }

    /// Predictions (songs x targets) from those of the bases, in the order of `bases`, each songs x targets.
    ///
    /// - Throws: `LearnError` for another number of bases or targets, or NaN or infinity.
    public func predict(_ predictions: [Matrix], songs: [String]? = nil) throws(LearnError) -> Matrix {
        guard predictions.count == bases.count, let first = predictions.first else {
            throw .columnMismatch(table: "base predictions", columns: predictions.count, expected: bases.count)
        }
        for prediction in predictions {
            try TableChecks.requireColumns(prediction, targets.count, table: "base predictions")
            try TableChecks.requireFinite(prediction, table: "base predictions", columnNames: targets, rowNames: songs)
        }
        var result = Matrix(rows: first.rows, columns: targets.count)
        for target in targets.indices {
            let table = try Stacking.table(predictions, target)
            for row in 0..<table.rows {
                result[row, target] = (0..<bases.count).reduce(intercepts[target]) {
                    $0 + weights[target, $1] * table[row, $1]
                }
            }
        }
        return result
    }
}
