import SentioKit

/// A group as a pipeline file declares it, for listing the resolved file.
struct PipelineGroup: Sendable {
    /// `cv`; for a group inside a group, `cv.blend`.
    let name: String
    let kind: String
    let configuration: Configuration
    let parameterOrigins: [String: String]
    /// Input ports and the references that they are connected to.
    let inputs: [(port: String, reference: String)]
    let location: SourceLocation?
}
