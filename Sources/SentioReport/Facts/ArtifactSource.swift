public import SentioKit

/// Where artifacts are read from: a workspace, or memory in tests.
public protocol ArtifactSource: Sendable {
    /// The manifest of an artifact.
    /// - Throws: any error if it is missing or damaged.
    func manifest(_ hash: ContentHash) throws -> Manifest
    /// The verified bytes of a blob.
    /// - Throws: any error if it is missing or damaged.
    func read(_ blob: BlobReference) throws -> [UInt8]
}
