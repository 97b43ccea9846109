public import SentioKit

/// A group of a pipeline file, for those who list what the file says.
public struct PipelineGroup: Sendable {
    /// `cv`; of a group in a group, `cv.blend`.
    public let name: String
    public let kind: String
    public let configuration: Configuration
    public let parameterOrigins: [String: String]
    /// Input ports and what they name.
    public let inputs: [(port: String, reference: String)]
    public let location: SourceLocation?
}
