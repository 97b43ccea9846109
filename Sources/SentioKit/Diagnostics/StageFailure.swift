/// A failure in a sentence: what is wrong, where, what to do.
public struct StageFailure: Error, Sendable, Equatable, CustomStringConvertible {
    public let sentence: String
    public init(_ sentence: String) { self.sentence = sentence }
    public var description: String { sentence }
}
