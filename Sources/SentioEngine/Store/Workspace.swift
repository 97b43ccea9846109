import Dispatch
import SentioBase
public import SentioKit
import Synchronization

/// The folder with everything that Sentio keeps: blobs, records, the run store, readable links, in-flight work.
public final class Workspace: Sendable {
    public let path: String
    public let blobs: FileBlobStore
    public let records: FileRecordStore
    let statCache: StatCache
    /// The songs that are marked as bad, as they were when the workspace was opened.
    public let taints: TaintList
    private let manifests = Mutex<[ContentHash: Manifest]>([:])
    private let entries = Mutex<[ContentHash: [BlobReference]]>([:])
    /// What manifests say they hold: asked many times of few.
    let amounts = Mutex<[ContentHash: Amount]>([:])

    /// Opens the workspace, making its folders where they are missing, and clears what dead processes left in `tmp`.
    /// - throws: `BlobStoreError` where the folder cannot be made or written or holds a link for a folder,
    ///   `TaintListError` where the list of marked songs cannot be read.
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

    /// Starts reading what a run will ask for, on a thread of its own, while the pipeline file is being read.
    public func prefetch() {
        DispatchQueue.global().async { [self] in
            statCache.preload()
            for record in records.decodeAhead(atMost: 4096) {
                for output in record.outputs.values { _ = try? entryBlobs(output) }
            }
        }
    }

    public var runStorePath: String { path + "/runs.sqlite" }

    /// Lets the blob store find source files where earlier runs saw them; they are verified when read.
    public func registerKnownSources() {
        for source in statCache.remembered { blobs.register(source: source.path, source.hash) }
    }

    /// The readable folder of a run.
    public func runDirectory(_ run: String) -> String { path + "/runs/" + run }

    func lockPath(_ key: StageKey) -> String { "\(path)/tmp/locks/\(key.hash.hex)" }
    /// How folders in `tmp` begin that hold what failed attempts left.
    static let leftover = "leftover-"

    /// On which the places are locked where runs leave files.
    var outputLockPath: String { "\(path)/tmp/locks/outputs" }
    func checkpointDirectory(_ key: StageKey) -> String { "\(path)/tmp/checkpoints/\(key.hash.hex)" }

    /// A name in `tmp` that nobody else has.
    func temporaryPath(_ purpose: String) -> String { TemporaryName.path(in: path + "/tmp", purpose: purpose) }

    func saveStatCache() { statCache.save(temporary: temporaryPath("stat")) }

    /// Reads a manifest. Small ones are remembered: a run asks for each several times.
    /// - throws: `BlobStoreError`, `ManifestError`.
    public func manifest(_ blob: BlobReference) throws -> Manifest {
        if let known = manifests.withLock({ $0[blob.hash] }), blobs.isStored(blob.hash) { return known }
        let bytes = try blobs.read(blob)
        let manifest = try Manifest(encoded: bytes)
        if bytes.count <= 1 << 14 { manifests.withLock { if $0.count < 10_000 { $0[blob.hash] = manifest } } }
        return manifest
    }

    /// The blobs of a manifest's entries, without the lineage that fills most of it.
    /// - throws: `BlobStoreError`, `ManifestError`.
    package func entryBlobs(_ blob: BlobReference) throws -> [BlobReference] {
        if let known = entries.withLock({ $0[blob.hash] }), blobs.isStored(blob.hash) { return known }
        let found = try Manifest.blobs(encoded: try blobs.read(blob))
        if found.count <= 256 { entries.withLock { if $0.count < 10_000 { $0[blob.hash] = found } } }
        return found
    }

    /// Removes attempts and half-written blobs of processes that are gone. Checkpoints stay.
    private func clearLeftovers() {
        for purpose in ["blob", "attempt", "stat"] {
            TemporaryName.removeLeftovers(in: path + "/tmp", purpose: purpose)
        }
    }
}
