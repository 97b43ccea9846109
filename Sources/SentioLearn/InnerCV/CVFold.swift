/// One fold of a cross-validation.
public struct CVFold: Sendable, Equatable {
    /// The number given to the fold.
    public let number: Int
    /// The rows to train on, ascending.
    public let trainingRows: [Int]
    /// The held-out rows, ascending.
    public let validationRows: [Int]
}
