/// What can be wrong with tables, parameters and stored models. `description` is the message.
public enum LearnError: Error, Equatable {
    /// A table cell is NaN or infinite. `row` counts from 0; `rowName` is the song, if known.
    case notFinite(table: String, row: Int, rowName: String?, column: String, value: Double)
    /// A table cell is infinite or too large for single precision.
    case notSingle(table: String, row: Int, rowName: String?, column: String, value: Double)
    /// A table too large for a method; `most` states the limit.
    case tooLarge(table: String, rows: Int, columns: Int, most: String)
    /// A table without rows or without columns.
    case empty(table: String, missing: String)
    /// Fewer rows than the method needs.
    case tooFewRows(method: String, rows: Int, needed: Int)
    /// Two tables that need one row per song have different numbers of rows.
    case rowMismatch(first: String, firstRows: Int, second: String, secondRows: Int)
    /// A table does not have the columns that a model or scaler was fitted on.
    case columnMismatch(table: String, columns: Int, expected: Int)
    /// There are more or fewer names than columns.
    case nameMismatch(table: String, names: Int, columns: Int)
    /// A parameter outside its range; `allowed` completes the sentence "must be ...".
    case badParameter(name: String, value: String, allowed: String)
    /// The normal equations have no unique solution.
    case singular(alpha: Double, rows: Int, features: Int, column: String?)
    /// The fold numbers of a cross-validation cannot be used.
    case badFolds(reason: String)
    /// The songs cannot be split as asked.
    case cannotSplit(reason: String)
    /// A stored model or scaler contradicts itself.
    case damagedModel(reason: String)
    /// A model of another program uses a feature that is not supported.
    case foreignModel(reason: String)
}
