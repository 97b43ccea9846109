public import SentioKit

/// A group as a pipeline file declares it, for listing the resolved file.
public struct PipelineGroup: Sendable {
    /// `cv`; for a group inside a group, `cv.blend`.
    public let name: String
    /// Name of its kind.
    public let kind: String
    /// Decoded parameters with their defaults.
    public let configuration: Configuration
    /// Where the value of each parameter comes from, by name.
    public let parameterOrigins: [String: String]
    /// Input ports and the references that they are connected to.
    public let inputs: [(port: String, reference: String)]
    /// Where the file declares it.
    public let location: SourceLocation?
}
