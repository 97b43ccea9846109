import SentioNumerics

/// The checks of tables that every fit and prediction makes before any arithmetic.
enum TableChecks {
    /// Throws unless every element is finite; the error names the first that is not.
    static func requireFinite(
        _ matrix: Matrix, table: String, columnNames: [String]? = nil, rowNames: [String]? = nil
    ) throws(LearnError) {
        guard let index = matrix.values.firstIndex(where: { !$0.isFinite }) else { return }
        let (row, column) = index.quotientAndRemainder(dividingBy: matrix.columns)
        throw .notFinite(
            table: table, row: row, rowName: rowNames.flatMap { row < $0.count ? $0[row] : nil },
            column: columnNames.flatMap { column < $0.count ? $0[column] : nil } ?? String(column),
            value: matrix.values[index])
    }

    static func requireNotEmpty(_ matrix: Matrix, table: String) throws(LearnError) {
        if matrix.rows == 0 { throw .empty(table: table, missing: "rows") }
        if matrix.columns == 0 { throw .empty(table: table, missing: "columns") }
    }

    static func requireColumns(_ matrix: Matrix, _ expected: Int, table: String) throws(LearnError) {
        if matrix.columns != expected {
            throw .columnMismatch(table: table, columns: matrix.columns, expected: expected)
        }
    }

    static func requireSameRows(
        _ first: Matrix, _ firstName: String, _ second: Matrix, _ secondName: String
    ) throws(LearnError) {
        if first.rows != second.rows {
            throw .rowMismatch(
                first: firstName, firstRows: first.rows, second: secondName, secondRows: second.rows)
        }
    }

    /// The given names, or "f0", "f1", ... with the given prefix if there are none.
    static func names(
        _ names: [String]?, count: Int, prefix: String, table: String
    ) throws(LearnError) -> [String] {
        guard let names else { return (0..<count).map { "\(prefix)\($0)" } }
        if names.count != count { throw .nameMismatch(table: table, names: names.count, columns: count) }
        return names
    }

    /// Everything that a regression requires of its training tables.
    static func requireTraining(
        _ features: Matrix, _ targets: Matrix, featureNames: [String], targetNames: [String], rowNames: [String]?,
        method: String
    ) throws(LearnError) {
        try requireSameRows(features, "features", targets, "targets")
        try requireNotEmpty(features, table: "features")
        try requireNotEmpty(targets, table: "targets")
        if features.rows < 2 { throw .tooFewRows(method: method, rows: features.rows, needed: 2) }
        try requireFinite(features, table: "features", columnNames: featureNames, rowNames: rowNames)
        try requireFinite(targets, table: "targets", columnNames: targetNames, rowNames: rowNames)
    }
}
