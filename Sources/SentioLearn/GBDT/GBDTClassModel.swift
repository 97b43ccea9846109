public import SentioNumerics

/// Fitted boosted trees that predict classes. The margin of a class is the base score plus the leaf values of its
/// trees; probabilities are the softmax of the margins.
public struct GBDTClassModel: Sendable, Equatable {
    /// The ensembles, one per class; its predictions are the margins.
    public let margins: GBDTModel

    /// - Precondition: the loss is that of classes.
    public init(margins: GBDTModel) {
        precondition(margins.loss.isOfClasses, "A classifier has the loss of classes.")
        self.margins = margins
    }

    /// Names of the classes, in column order of probabilities.
    public var classes: [String] { margins.targets }

    /// The model after the first boosting rounds.
    ///
    /// - Precondition: `rounds` is not negative.
    public func prefix(rounds: Int) -> GBDTClassModel { GBDTClassModel(margins: margins.prefix(rounds: rounds)) }

    /// Probabilities (songs x classes) for songs x features; NaN is a missing value. Each row sums to 1 within single
    /// precision. Deterministic.
    ///
    /// - Parameter songs: row names for messages.
    /// - Throws: `LearnError` for another number of columns, or a value that is infinite in single precision.
    public func probabilities(_ table: Matrix, songs: [String]? = nil) throws -> Matrix {
        Softmax.rows(try margins.predict(table, songs: songs))
    }
}
