extension LearnError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notFinite(let table, let row, let rowName, let column, let value):
            "The \(table) hold \(value) in row \(row)\(rowName.map { " (\($0))" } ?? ""), column \"\(column)\"; "
                + "every value must be a finite number. Repair or leave out that song or that column."
        case .notSingle(let table, let row, let rowName, let column, let value):
            "The \(table) hold \(value) in row \(row)\(rowName.map { " (\($0))" } ?? ""), column \"\(column)\"; "
                + "boosted trees use single precision, which ends near 3e38. Repair or scale that column, or leave "
                + "out that song."
        case .tooLarge(let table, let rows, let columns, let most):
            "The \(table) with \(rows) rows and \(columns) columns are too large; there may be at most \(most). "
                + "Use fewer rows or columns."
        case .empty(let table, let missing):
            "The \(table) have no \(missing), so there is nothing to compute."
        case .tooFewRows(let method, let rows, let needed):
            "\(method) needs at least \(needed) rows, and there \(rows == 1 ? "is" : "are") only \(rows)."
        case .rowMismatch(let first, let firstRows, let second, let secondRows):
            "The \(first) have \(firstRows) rows and the \(second) have \(secondRows); "
                + "both need exactly one row per song, in the same order."
        case .columnMismatch(let table, let columns, let expected):
            "The \(table) have \(columns) columns where \(expected) are expected; "
                + "give the columns of the fit, in the same order."
        case .nameMismatch(let table, let names, let columns):
            "There are \(names) names for the \(columns) columns of the \(table); give one name a column."
        case .badParameter(let name, let value, let allowed):
            "The parameter \(name) is \(value) but must be \(allowed)."
        case .singular(let alpha, let rows, let features, let column):
            "Ridge with alpha = \(alpha) on \(rows) rows and \(features) features has no unique solution: "
                + (column.map { "column \"\($0)\" is constant or a combination of columns before it" }
                    ?? "some columns are combinations of others, or there are not more rows than features")
                + ". Use a larger alpha, standardise, or remove such columns."
        case .badFolds(let reason):
            "The cross-validation folds cannot be used: \(reason)."
        case .cannotSplit(let reason):
            "The songs cannot be split: \(reason)."
        case .damagedModel(let reason):
            "The stored model cannot be used: \(reason). Fit it again, or restore the file."
        case .foreignModel(let reason):
            "The model cannot be used here: \(reason)."
        }
    }
}
