public import SentioNumerics

/// The cross-validation error of every candidate.
public struct CVCurve: Sendable, Equatable, Codable {
    /// Mean over folds of the mean squared error of each fold: candidates x targets.
    public let meanSquaredError: Matrix
    /// Standard deviation over folds (ddof 0) of the mean squared error of each fold: candidates x targets.
    public let deviation: Matrix
    /// The mean squared errors of each fold: candidates x targets.
    public let folds: [Matrix]

    init(folds: [Matrix]) {
        let count = Double(folds.count)
        let (rows, columns) = (folds[0].rows, folds[0].columns)
        let mean = (0..<rows * columns).map { index in folds.reduce(0) { $0 + $1.values[index] } / count }
        let variance = mean.indices.map { index in
            folds.reduce(0) { $0 + ($1.values[index] - mean[index]) * ($1.values[index] - mean[index]) } / count
        }
        self.folds = folds
        meanSquaredError = Matrix(rows: rows, columns: columns, values: mean)
        deviation = Matrix(rows: rows, columns: columns, values: variance.map { $0.squareRoot() })
    }

    /// The candidate with the smallest error for one target; the first of several equal ones.
    public func best(target: Int) -> Int {
        let errors = meanSquaredError.column(target)
        return errors.indices.min { errors[$0] < errors[$1] } ?? 0
    }

    /// The candidate with the smallest error averaged over targets; the first of several equal ones.
    public var bestOverall: Int {
        let errors = (0..<meanSquaredError.rows).map { meanSquaredError.row($0).reduce(0, +) }
        return errors.indices.min { errors[$0] < errors[$1] } ?? 0
    }
}
