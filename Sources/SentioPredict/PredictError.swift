/// Why a model cannot be applied, or a bundle not be used. `description` is a sentence for the user.
public struct PredictError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong, where, and what to do.
    public let description: String

    /// An error with this sentence.
    public init(_ sentence: String) { description = sentence }
}
