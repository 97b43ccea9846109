public import SentioKit

/// Where artifacts are read from: the workspace, or a made-up one in tests.
public protocol ArtifactSource: Sendable {
    /// - throws: where it is gone or damaged.
    func manifest(_ hash: ContentHash) throws -> Manifest
    /// The verified bytes of a blob.
    func read(_ blob: BlobReference) throws -> [UInt8]
}
