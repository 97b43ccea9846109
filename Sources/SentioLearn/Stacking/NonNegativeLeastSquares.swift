public import SentioNumerics

/// Non-negative least squares: min |A w - b|² over w >= 0.
///
/// The active-set method of Lawson and Hanson (Solving Least Squares Problems, 1974, chapter 23), as in
/// `scipy.optimize.nnls`, on the normal equations. Columns that are combinations of active columns keep weight 0.
/// Deterministic.
public enum NonNegativeLeastSquares {
    /// The weight of each column of A (`columns`, rows x columns) for b (`values`).
    ///
    /// - Throws: `LearnError` for an empty table, lengths that do not match, or NaN or infinity.
    public static func solve(_ columns: Matrix, _ values: [Double]) throws(LearnError) -> [Double] {
        try TableChecks.requireNotEmpty(columns, table: "columns")
        try TableChecks.requireSameRows(columns, "columns", Matrix(column: values), "values")
        try TableChecks.requireFinite(columns, table: "columns")
        try TableChecks.requireFinite(Matrix(column: values), table: "values")
        let rightHandSide = Matrix(rows: 1, columns: values.count, values: values).times(columns)
        return solve(gram: columns.gram(ofRows: false), rightHandSide: rightHandSide.values)
    }

    /// The weights for A'A and A'b.
    static func solve(gram: Matrix, rightHandSide: [Double]) -> [Double] {
        let count = rightHandSide.count
        var weights = [Double](repeating: 0, count: count)
        var inUse: [Int] = [], refused: Set<Int> = []
        // A gradient below the rounding noise of its own terms is zero.
        let noise = (0..<count).map { index in
            Double.ulpOfOne * 10 * Double(count) * (rightHandSide[index].magnitude + gram[index, index])
        }
        // Every round lowers the objective, so no active set recurs; the bound only guards against rounding.
        for _ in 0..<(3 * count + 10) {
            let gradient = (0..<count).map { row in
                rightHandSide[row] - (0..<count).reduce(0) { $0 + gram[row, $1] * weights[$1] }
            }
            let candidates = (0..<count).filter {
                !inUse.contains($0) && !refused.contains($0) && gradient[$0] > noise[$0]
            }
            guard let next = candidates.max(by: { gradient[$0] < gradient[$1] }) else { break }
            let before = inUse
            inUse.append(next)
            while true {
                guard let solution = leastSquares(gram, rightHandSide, inUse) else {
                    // It is a combination of the others up to rounding.
                    inUse = before
                    refused.insert(next)
                    break
                }
                guard let worst = inUse.indices.filter({ solution[$0] <= 0 }).min(by: { step($0) < step($1) }) else {
                    for (place, index) in inUse.enumerated() { weights[index] = solution[place] }
                    refused.removeAll()
                    break
                }
                func step(_ place: Int) -> Double { weights[inUse[place]] / (weights[inUse[place]] - solution[place]) }
                let length = step(worst)
                for (place, index) in inUse.enumerated() {
                    weights[index] += length * (solution[place] - weights[index])
                }
                weights[inUse[worst]] = 0
                inUse.removeAll { weights[$0] <= 0 }
                for index in 0..<count where !inUse.contains(index) { weights[index] = 0 }
                if !inUse.contains(next) {
                    refused.insert(next)
                    break
                }
            }
        }
        return weights
    }

    /// Unconstrained least squares over some columns; nil if they are linearly dependent.
    private static func leastSquares(_ gram: Matrix, _ rightHandSide: [Double], _ columns: [Int]) -> [Double]? {
        var part = Matrix(rows: columns.count, columns: columns.count)
        for (row, one) in columns.enumerated() {
            for (column, other) in columns.enumerated() { part[row, column] = gram[one, other] }
        }
        guard let factor = try? Cholesky(part) else { return nil }
        return factor.solve(Matrix(rows: 1, columns: columns.count, values: columns.map { rightHandSide[$0] })).values
    }
}
