import SentioEngine
import SentioKit
import SentioReport

/// A workspace as a source of artifacts for reports.
struct WorkspaceArtifacts: ArtifactSource {
    let workspace: Workspace

    init(_ workspace: Workspace) {
        self.workspace = workspace
        workspace.registerKnownSources()
    }

    func manifest(_ hash: ContentHash) throws -> Manifest { try workspace.manifest(BlobReference(hash: hash, size: 0)) }
    func read(_ blob: BlobReference) throws -> [UInt8] { try workspace.blobs.read(blob) }
}
