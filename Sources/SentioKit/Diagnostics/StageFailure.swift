/// A failure explained to the user: what is wrong, where, and what to do.
public struct StageFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// One or more full sentences.
    public let sentence: String
    /// Fails with a message for the user.
    public init(_ sentence: String) { self.sentence = sentence }
    public var description: String { sentence }
}
