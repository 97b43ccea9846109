import SentioBase
public import SentioNumerics

extension GBDTModel {
    /// SHAP values: how much each feature moves each prediction away from the mean prediction. One matrix per target,
    /// songs x (features + 1); the last column is the mean prediction (XGBoost's bias), and each row sums to its
    /// prediction.
    ///
    /// Path-dependent TreeSHAP (Lundberg et al. 2018, "Consistent individualized feature attribution for tree
    /// ensembles"), as in XGBoost's `pred_contribs`: where a feature is unknown, a row goes to both sides in proportion
    /// to the training rows. In double precision. The same bits for any number of threads.
    ///
    /// - Parameters:
    ///   - table: songs x features.
    ///   - songs: row names for messages.
    ///   - threads: share the songs.
    /// - Throws: `LearnError` for another number of columns, or a value that is infinite in single precision.
    /// - Complexity: songs x leaves x path length for paths of up to 10 features, quadratic in path length beyond.
    public func contributions(_ table: Matrix, songs: [String]? = nil, threads: Int = 1) throws -> [Matrix] {
        precondition(threads > 0, "Contributions need at least one thread.")
        let values = try singles(table, songs: songs)
        // Column-major, because a condition is evaluated for many songs at a time.
        var columns = [Float](repeating: 0, count: values.count)
        for row in 0..<table.rows {
            for column in features.indices {
                columns[column * table.rows + row] = values[row * features.count + column]
            }
        }
        let lanes = max(1, min(threads, table.rows))
        return targets.indices.map { target in
            var sums = [Double](repeating: 0, count: (features.count + 1) * table.rows)
            columns.withUnsafeBufferPointer { columns in
                sums.withUnsafeMutableBufferPointer { sums in
                    // Each lane writes only to its own songs.
                    let count = table.rows
                    Parallel.forEachUnchecked(lanes, threads: lanes) { lane, _ in
                        let rows = count * lane / lanes..<count * (lane + 1) / lanes
                        var worker = ContributionWorker(
                            columns: columns, sums: sums, rowCount: count, rows: rows, features: features.count)
                        worker.addBase(Double(baseScores[target]))
                        for tree in ensembles[target] { worker.add(tree) }
                    }
                }
            }
            return Matrix(rows: features.count + 1, columns: table.rows, values: sums).transposed()
        }
    }
}
