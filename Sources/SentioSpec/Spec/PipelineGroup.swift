import SentioKit

/// A group of a pipeline file, for those who list what the file says.
struct PipelineGroup: Sendable {
    /// `cv`; of a group in a group, `cv.blend`.
    let name: String
    let kind: String
    let configuration: Configuration
    let parameterOrigins: [String: String]
    /// Input ports and what they name.
    let inputs: [(port: String, reference: String)]
    let location: SourceLocation?
}
