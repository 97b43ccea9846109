/// The facts of what can be wrong with tables, parameters and stored models. `description` makes the sentences.
public enum LearnError: Error, Equatable {
    /// A table cell is NaN or infinite. `row` counts from 0; `rowName` is the song, where known.
    case notFinite(table: String, row: Int, rowName: String?, column: String, value: Double)
    /// A table cell is infinite or too large for single precision.
    case notSingle(table: String, row: Int, rowName: String?, column: String, value: Double)
    /// A table beyond what a method can hold; `most` reads after "at most".
    case tooLarge(table: String, rows: Int, columns: Int, most: String)
    /// A table without rows or without columns.
    case empty(table: String, missing: String)
    /// Fewer rows than the method needs.
    case tooFewRows(method: String, rows: Int, needed: Int)
    /// Two tables that must have one row per song do not agree.
    case rowMismatch(first: String, firstRows: Int, second: String, secondRows: Int)
    /// A table does not have the columns a model or scaler was fitted on.
    case columnMismatch(table: String, columns: Int, expected: Int)
    /// Names and columns do not agree in number.
    case nameMismatch(table: String, names: Int, columns: Int)
    /// A parameter outside its range; `allowed` reads after "must be".
    case badParameter(name: String, value: String, allowed: String)
    /// The normal equations have no unique solution.
    case singular(alpha: Double, rows: Int, features: Int, column: String?)
    /// The fold numbers of a cross-validation cannot be used.
    case badFolds(reason: String)
    /// The songs cannot be split as asked.
    case cannotSplit(reason: String)
    /// A stored model or scaler contradicts itself.
    case damagedModel(reason: String)
    /// A stored model of another program uses what cannot be reproduced here.
    case foreignModel(reason: String)
}
