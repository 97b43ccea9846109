public import SentioNumerics

/// The mean and covariance of a table's rows.
public struct CovarianceEstimate: Sendable {
    /// How the covariance is estimated.
    public enum Method: String, Sendable, CaseIterable {
        /// The sample covariance, divided by n - 1. With fewer rows than columns it is singular.
        case sample
        /// Shrunk toward a multiple of the identity by the amount that minimizes the expected squared error (Ledoit and
        /// Wolf 2004), as scikit-learn's `ledoit_wolf`; the sample part is divided by n.
        case ledoitWolf = "ledoit-wolf"
    }

    /// One value a column.
    public let mean: [Double]
    /// Columns x columns, symmetric.
    public let covariance: Matrix
    /// The weight of the identity, from 0 to 1; 0 for `sample`.
    public let shrinkage: Double

    /// Estimates from rows x columns. Deterministic.
    ///
    /// - Throws: `LearnError` for fewer than two rows, no column, or a value that is not finite.
    public init(_ rows: Matrix, method: Method = .ledoitWolf) throws(LearnError) {
        try TableChecks.requireNotEmpty(rows, table: "samples")
        try TableChecks.requireFinite(rows, table: "samples")
        guard rows.rows > 1 else { throw .tooFewRows(method: "A covariance", rows: rows.rows, needed: 2) }
        let count = Double(rows.rows), columns = rows.columns
        var mean = [Double](repeating: 0, count: columns), centered = rows
        for row in 0..<rows.rows { for column in 0..<columns { mean[column] += rows[row, column] / count } }
        centered.withUnsafeMutableValues { values in
            for index in values.indices { values[index] -= mean[index % columns] }
        }
        var covariance = centered.gram()
        self.mean = mean
        guard method == .ledoitWolf else {
            Self.scale(&covariance, by: 1 / (count - 1))
            (self.covariance, shrinkage) = (covariance, 0)
            return
        }
        // Squares of the sums of products, and sums of the products' squares, over all pairs of columns.
        let delta = covariance.values.reduce(0) { $0 + $1 * $1 } / (count * count)
        let beta = (0..<rows.rows).reduce(0.0) { sum, row in
            let square = centered.row(row).reduce(0) { $0 + $1 * $1 }
            return sum + square * square
        }
        Self.scale(&covariance, by: 1 / count)
        let size = Double(columns), level = (0..<columns).reduce(0) { $0 + covariance[$1, $1] } / size
        let distance = (delta - size * level * level) / size
        let error = min(distance, (beta / count - delta) / (count * size))
        let shrinkage = error > 0 && distance > 0 ? error / distance : 0
        Self.scale(&covariance, by: 1 - shrinkage)
        for column in 0..<columns { covariance[column, column] += shrinkage * level }
        (self.covariance, self.shrinkage) = (covariance, shrinkage)
    }

    private static func scale(_ matrix: inout Matrix, by factor: Double) {
        matrix.withUnsafeMutableValues { values in for index in values.indices { values[index] *= factor } }
    }
}
