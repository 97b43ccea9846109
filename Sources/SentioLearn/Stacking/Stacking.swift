public import SentioNumerics

/// Stacked regression (Wolpert 1992, Breiman 1996): a small model whose features are the predictions of several other
/// models, the bases, for songs that the bases have not seen. Each target has its own fit, on the predictions of that
/// target. Deterministic.
public struct Stacking: Sendable, Hashable {
    /// How predictions are combined.
    ///
    /// - nonnegative: non-negative weights that sum to 1, with the smallest squared error: Breiman's non-negativity and
    ///   the convex combination of the super learner (van der Laan, Polley and Hubbard 2007). Without an intercept, so
    ///   the result lies between the bases and does not depend on the origin of the rating scale.
    /// - ridge: ridge regression with an intercept; cross-validation chooses its penalty.
    /// - mean: equal weights.
    public enum Method: String, Sendable, Hashable, Codable, CaseIterable { case nonnegative, ridge, mean }

    /// How predictions are combined.
    public let method: Method
    /// The folds of the cross-validation that chooses the penalty of `ridge`.
    public let folds: CVFolds

    /// Default folds: 5 random ones, as many as in scikit-learn.
    public init(method: Method = .nonnegative, folds: CVFolds = .seeded(count: 5, seed: 0)) {
        self.method = method
        self.folds = folds
    }

    /// Fits on out-of-fold predictions.
    ///
    /// - Parameters:
    ///   - predictions: of each base, songs x targets.
    ///   - truth: songs x targets.
    ///   - bases: names of the bases.
    ///   - targets: default y0, y1, ...
    ///   - songs: row names for messages.
    /// - Throws: `LearnError` for no bases, tables that do not match, fewer than two songs, or NaN or infinity.
    public func fit(
        predictions: [Matrix], truth: Matrix, bases: [String], targets: [String]? = nil, songs: [String]? = nil
    ) throws -> StackingModel {
        guard !predictions.isEmpty else { throw LearnError.empty(table: "base predictions", missing: "columns") }
        let targets = try TableChecks.names(targets, count: truth.columns, prefix: "y", table: "truths")
        guard bases.count == predictions.count else {
            throw LearnError.nameMismatch(table: "base predictions", names: bases.count, columns: predictions.count)
        }
        for prediction in predictions {
            try TableChecks.requireColumns(prediction, truth.columns, table: "base predictions")
        }
        var weights = Matrix(rows: truth.columns, columns: bases.count)
        var intercepts = [Double](repeating: 0, count: truth.columns)
        var alphas: [Double] = []
        for target in targets.indices {
            let table = try Self.table(predictions, target)
            let column = Matrix(column: truth.column(target))
            try TableChecks.requireTraining(
                table, column, featureNames: bases, targetNames: [targets[target]], rowNames: songs, method: "Stacking")
            let own: [Double]
            switch method {
            case .mean: own = bases.map { _ in 1 / Double(bases.count) }
            case .nonnegative: own = Self.convex(table, column.values)
            case .ridge:
                let fit = try Ridge(scaler: .standard, alpha: .chosen(folds: folds)).fit(
                    features: table, targets: column, featureNames: bases, targetNames: [targets[target]], songs: songs)
                let line = fit.model.unscaled
                own = line.map { Array($0.coefficients.row(0)) } ?? []
                intercepts[target] = line?.intercepts[0] ?? 0
                alphas += fit.model.alphas
            }
            for (base, weight) in own.enumerated() { weights[target, base] = weight }
        }
        return try StackingModel(
            method: method, bases: bases, targets: targets, weights: weights, intercepts: intercepts,
            alphas: alphas.isEmpty ? nil : alphas)
    }

    /// The predictions of one target, songs x bases.
    static func table(_ predictions: [Matrix], _ target: Int) throws(LearnError) -> Matrix {
        for other in predictions.dropFirst() {
            try TableChecks.requireSameRows(predictions[0], "predictions", other, "predictions of a second base")
        }
        var table = Matrix(rows: predictions[0].rows, columns: predictions.count)
        for (base, prediction) in predictions.enumerated() {
            for row in 0..<table.rows { table[row, base] = prediction[row, target] }
        }
        return table
    }

    /// Weights w >= 0 that sum to 1 and minimize |Z w - y|².
    ///
    /// Because the weights sum to 1, the error is E w, with E = y - Z column by column. Write u = s w: over the scale
    /// s, the minimum of |E u|² + (1 - sum u)² is a / (1 + a) with a = |E w|², which increases with a. So the
    /// non-negative u that minimizes it, divided by its sum, is the wanted w, and a single non-negative least squares
    /// problem gives it exactly.
    static func convex(_ table: Matrix, _ truth: [Double]) -> [Double] {
        let count = table.columns
        var errors = table
        for row in 0..<table.rows { for base in 0..<count { errors[row, base] = truth[row] - table[row, base] } }
        var gram = errors.gram(ofRows: false)
        let scale = (0..<count).reduce(0) { $0 + gram[$1, $1] } / Double(count)
        guard scale > 0 else { return [Double](repeating: 1 / Double(count), count: count) }
        for row in 0..<count { for column in 0..<count { gram[row, column] = gram[row, column] / scale + 1 } }
        let weights = NonNegativeLeastSquares.solve(gram: gram, rightHandSide: [Double](repeating: 1, count: count))
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }
}
