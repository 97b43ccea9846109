import Dispatch
import SentioBase
public import SentioKit
import Synchronization

/// The folder with everything that Sentio stores: blobs, records, the run store, readable links, in-flight work.
public final class Workspace: Sendable {
    /// Path of the folder, as given.
    public let path: String
    /// Content by hash.
    public let blobs: FileBlobStore
    /// What finished stages and items left behind.
    package let records: FileRecordStore
    let statCache: StatCache
    /// Songs that were marked as bad when the workspace was opened.
    public let taints: TaintList
    private let manifests = Mutex<[ContentHash: Manifest]>([:])
    private let entries = Mutex<[ContentHash: [BlobReference]]>([:])
    /// Amounts of artifacts, which are needed often for few artifacts.
    let amounts = Mutex<[ContentHash: Amount]>([:])

    /// Opens the workspace, creates missing folders, and removes what ended processes left in `tmp`.
    /// - Throws: `BlobStoreError` if a folder cannot be created or is a link; `TaintListError` if the list of marked
    ///   songs cannot be read.
    public init(path: String) throws {
        self.path = path
        for folder in ["cas", "actions", "runs", "tmp", "tmp/locks", "tmp/checkpoints"] {
            try WorkspaceFile.makeFolder(path + "/" + folder)
        }
        blobs = FileBlobStore(root: path + "/cas", temporary: path + "/tmp")
        records = FileRecordStore(root: path + "/actions")
        taints = try TaintList.read(Self.taintListPath(path))
        statCache = StatCache(path: path + "/tmp/stat-cache")
        clearLeftovers()
    }

    /// Starts reading what a run will need in the background, while the pipeline file is read.
    public func prefetch() {
        DispatchQueue.global().async { [self] in
            statCache.preload()
            for record in records.decodeAhead(atMost: 4096) {
                for output in record.outputs.values { _ = try? entryBlobs(output) }
            }
        }
    }

    /// Path of the run store's database.
    public var runStorePath: String { path + "/runs.sqlite" }

    /// Registers the source files of earlier runs with the blob store, which verifies them on reading.
    public func registerKnownSources() {
        for source in statCache.remembered { blobs.register(source: source.path, source.hash) }
    }

    /// The folder of a run with its logs and readable links.
    public func runDirectory(_ run: String) -> String { path + "/runs/" + run }

    func lockPath(_ key: StageKey) -> String { "\(path)/tmp/locks/\(key.hash.hex)" }
    /// Prefix of folders in `tmp` with leftovers of failed attempts.
    static let leftover = "leftover-"

    /// The lock file for outputs in the user's folder.
    var outputLockPath: String { "\(path)/tmp/locks/outputs" }
    func checkpointDirectory(_ key: StageKey) -> String { "\(path)/tmp/checkpoints/\(key.hash.hex)" }

    /// A unique path in `tmp`.
    func temporaryPath(_ purpose: String) -> String { TemporaryName.path(in: path + "/tmp", purpose: purpose) }

    func saveStatCache() { statCache.save(temporary: temporaryPath("stat")) }

    /// Reads a manifest. Small ones are cached, because a run needs each several times.
    /// - Throws: `BlobStoreError`, `ManifestError`.
    public func manifest(_ blob: BlobReference) throws -> Manifest {
        if let known = manifests.withLock({ $0[blob.hash] }), blobs.isStored(blob.hash) { return known }
        let bytes = try blobs.read(blob)
        let manifest = try Manifest(encoded: bytes)
        if bytes.count <= 1 << 14 { manifests.withLock { if $0.count < 10_000 { $0[blob.hash] = manifest } } }
        return manifest
    }

    /// The blobs of a manifest's entries, without decoding the lineage, which is most of it.
    /// - Throws: `BlobStoreError`, `ManifestError`.
    package func entryBlobs(_ blob: BlobReference) throws -> [BlobReference] {
        if let known = entries.withLock({ $0[blob.hash] }), blobs.isStored(blob.hash) { return known }
        let found = try Manifest.blobs(encoded: try blobs.read(blob))
        if found.count <= 256 { entries.withLock { if $0.count < 10_000 { $0[blob.hash] = found } } }
        return found
    }

    /// Removes attempts and partial blobs of processes that have ended. Checkpoints are kept.
    private func clearLeftovers() {
        for purpose in ["blob", "attempt", "stat"] {
            TemporaryName.removeLeftovers(in: path + "/tmp", purpose: purpose)
        }
    }
}
