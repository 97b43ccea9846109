public import SentioNumerics

extension GBDTModel {
    /// Boosting rounds: the number of trees of the longest ensemble.
    public var rounds: Int { ensembles.map(\.count).max() ?? 0 }

    /// The model after the first boosting rounds.
    ///
    /// - Precondition: `rounds` is not negative.
    public func prefix(rounds: Int) -> GBDTModel {
        GBDTModel(
            features: features, targets: targets, loss: loss, baseScores: baseScores,
            ensembles: ensembles.map { Array($0.prefix(rounds)) })
    }

    /// Predictions (songs x targets) for songs x features; NaN is a missing value. Features are rounded to single
    /// precision, and trees are summed in it one by one, so the result equals XGBoost's bit for bit. Deterministic.
    ///
    /// - Parameter songs: row names for messages.
    /// - Throws: `LearnError` for another number of columns, or a value that is infinite in single precision.
    public func predict(_ table: Matrix, songs: [String]? = nil) throws -> Matrix {
        let rows = try singles(table, songs: songs)
        var result = Matrix(rows: table.rows, columns: targets.count)
        for target in targets.indices {
            var sums = [Float](repeating: baseScores[target], count: table.rows)
            let forest = FlatForest(ensembles[target], featureCount: features.count)
            rows.withUnsafeBufferPointer { rows in
                sums.withUnsafeMutableBufferPointer { forest.add(rows: rows, columns: features.count, to: $0) }
            }
            result.withUnsafeMutableValues { values in
                for row in sums.indices { values[row * targets.count + target] = Double(sums[row]) }
            }
        }
        return result
    }

    /// Checks the table and rounds it to single precision, row after row.
    func singles(_ table: Matrix, songs: [String]?) throws(LearnError) -> [Float] {
        try TableChecks.requireColumns(table, features.count, table: "features")
        let singles = table.floats
        guard let index = singles.firstIndex(where: { $0.isInfinite }) else { return singles }
        let (row, column) = index.quotientAndRemainder(dividingBy: table.columns)
        throw .notSingle(
            table: "features", row: row, rowName: songs.flatMap { row < $0.count ? $0[row] : nil },
            column: features[column],
            value: table.values[index])
    }
}
