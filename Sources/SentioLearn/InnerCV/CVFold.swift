/// One fold: the rows to train on and the rows held out, both ascending.
public struct CVFold: Sendable, Equatable {
    public let number: Int
    public let trainingRows: [Int]
    public let validationRows: [Int]
}
