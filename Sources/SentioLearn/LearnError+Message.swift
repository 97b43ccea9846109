extension LearnError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notFinite(let table, let row, let rowName, let column, let value):
            "The \(table) contain \(value) in row \(row)\(rowName.map { " (\($0))" } ?? ""), column \"\(column)\"; "
                + "every value must be a finite number. Correct the value, or leave out that song or column."
        case .notSingle(let table, let row, let rowName, let column, let value):
            "The \(table) contain \(value) in row \(row)\(rowName.map { " (\($0))" } ?? ""), column \"\(column)\"; "
                + "boosted trees use single precision, whose largest value is about 3e38. Correct or rescale that "
                + "column, or leave out that song."
        case .tooLarge(let table, let rows, let columns, let most):
            "The \(table), with \(rows) rows and \(columns) columns, are too large; the limit is \(most). "
                + "Use fewer rows or columns."
        case .empty(let table, let missing):
            "The \(table) have no \(missing), so there is nothing to compute."
        case .tooFewRows(let method, let rows, let needed):
            "\(method) needs at least \(needed) rows, but there \(rows == 1 ? "is" : "are") only \(rows)."
        case .rowMismatch(let first, let firstRows, let second, let secondRows):
            "The \(first) have \(firstRows) rows and the \(second) have \(secondRows); "
                + "both need exactly one row per song, in the same order."
        case .columnMismatch(let table, let columns, let expected):
            "The \(table) have \(columns) columns, but \(expected) are expected: "
                + "those of the fit, in the same order."
        case .nameMismatch(let table, let names, let columns):
            "There are \(names) names for the \(columns) columns of the \(table); give one name per column."
        case .badParameter(let name, let value, let allowed):
            "The parameter \(name) is \(value) but must be \(allowed)."
        case .singular(let alpha, let rows, let features, let column):
            "Ridge with alpha = \(alpha) on \(rows) rows and \(features) features has no unique solution: "
                + (column.map { "column \"\($0)\" is constant or a combination of the columns before it" }
                    ?? "some columns are combinations of others, or there are no more rows than features")
                + ". Use a larger alpha, standardize the features, or remove such columns."
        case .badFolds(let reason):
            "The cross-validation folds are invalid: \(reason)."
        case .cannotSplit(let reason):
            "The songs cannot be split: \(reason)."
        case .damagedModel(let reason):
            "The stored model cannot be used: \(reason). Fit it again, or restore the file."
        case .foreignModel(let reason):
            "The model is not supported: \(reason)."
        }
    }
}
