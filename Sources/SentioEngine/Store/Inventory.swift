import SentioBase
import SentioKit

/// What a workspace contains, and what refers to it.
struct Inventory {
    struct Entry {
        let record: StageRecord
        /// Manifests, items and listings of the record that are in the store.
        let blobs: Set<ContentHash>
        /// Whether it is the last result of its stage.
        let isLast: Bool
    }

    /// An unfinished stage that can resume: `tmp/checkpoints/KEY`.
    struct Checkpoint {
        let folder: Folder
        /// nil if an earlier version wrote the checkpoint.
        let note: CheckpointNote?
        /// Whether it is from the last run of its pipeline or of the workspace.
        let isOfLastRun: Bool
    }

    struct Folder {
        let path: String
        let bytes: Int
        /// Seconds since 1970.
        let modifiedAt: Double
    }

    /// Sizes of the blobs of the store.
    private(set) var sizes: [ContentHash: Int] = [:]
    private(set) var entries: [Entry] = []
    private(set) var items: [(key: ItemKey, blob: ContentHash)] = []
    private(set) var checkpoints: [Checkpoint] = []
    /// Folders with logs of runs, `runs/RUN`; a run that only links to another's has none.
    private(set) var logs: [(run: String, folder: Folder)] = []
    /// The run that started last.
    private(set) var latestRun: String?
    /// Quarantined blobs.
    private(set) var damaged: [Folder] = []
    /// Files that failed attempts had left in users' folders.
    private(set) var leftovers: [Folder] = []

    init(_ workspace: Workspace) throws {
        for blob in try workspace.blobs.all() { sizes[blob.hash] = blob.size }
        let last = try workspace.records.latestStages()
        var entriesOf: [ContentHash: [ContentHash]] = [:]
        for record in try workspace.records.allStages() {
            var blobs: Set<ContentHash> = []
            for output in Array(record.outputs.values) + Array(record.listings.values) where sizes[output.hash] != nil {
                blobs.insert(output.hash)
            }
            for output in record.outputs.values where sizes[output.hash] != nil {
                let found = try entriesOf[output.hash] ?? Self.entryBlobs(output, workspace)
                entriesOf[output.hash] = found
                for hash in found where sizes[hash] != nil { blobs.insert(hash) }
            }
            entries.append(Entry(record: record, blobs: blobs, isLast: last.contains(record.key)))
        }
        items = try workspace.records.allItems().map { ($0.key, $0.blob.hash) }.filter { sizes[$0.blob] != nil }
        let temporary = workspace.path + "/tmp"
        let runs = workspace.path + "/runs"
        latestRun = FileKind.linkTarget(runs + "/latest")
        logs = try Files.names(in: runs).filter { Files.isDirectoryItself(runs + "/" + $0) }.map {
            ($0, Self.folder(runs + "/" + $0))
        }
        let notes = try Files.names(in: temporary + "/checkpoints").map { name in
            (
                folder: temporary + "/checkpoints/" + name,
                note: CheckpointNote(directory: temporary + "/checkpoints/" + name)
            )
        }
        var newest: [String: String] = [:]
        let known =
            entries.map { ($0.record.pipeline, $0.record.run) }
            + notes.compactMap { $0.note.map { ($0.pipeline, $0.run) } }
        // Ids of the same second are unordered, but the last run of all is known.
        for (pipeline, run) in known where newest[pipeline] == nil || newest[pipeline] != latestRun {
            newest[pipeline] = run == latestRun ? run : max(newest[pipeline] ?? "", run)
        }
        checkpoints = notes.map { folder, note in
            let isLast = note.map { $0.run == newest[$0.pipeline] || $0.run == latestRun } ?? false
            return Checkpoint(folder: Self.folder(folder), note: note, isOfLastRun: isLast)
        }
        let inFlight = try Files.names(in: temporary)
        damaged = inFlight.filter { $0.hasPrefix("damaged-") }.map { Self.folder(temporary + "/" + $0) }
        leftovers = inFlight.filter { $0.hasPrefix(Workspace.leftover) }.map { Self.folder(temporary + "/" + $0) }
    }

    /// The entries of a lost manifest are unknown and cannot be recovered. If a manifest is only unreadable at the
    /// moment, its entries must not be removed.
    private static func entryBlobs(_ manifest: BlobReference, _ workspace: Workspace) throws -> [ContentHash] {
        do { return try workspace.entryBlobs(manifest).map(\.hash) } catch BlobStoreError.missing, BlobStoreError
            .damaged
        { return [] }
    }

    /// A file, or a folder with its content.
    static func folder(_ path: String) -> Folder {
        var status = stat()
        guard lstat(path, &status) == 0 else { return Folder(path: path, bytes: 0, modifiedAt: 0) }
        var bytes = 0, time = Double(status.st_mtim.tv_sec)
        if status.st_mode & S_IFMT == S_IFDIR {
            for name in Files.list(path) {
                let inner = folder(path + "/" + name)
                bytes += inner.bytes
                time = max(time, inner.modifiedAt)
            }
        } else if status.st_mode & S_IFMT == S_IFREG {
            bytes = Int(status.st_size)
        }
        return Folder(path: path, bytes: bytes, modifiedAt: time)
    }

    func bytes(_ blobs: some Sequence<ContentHash>) -> Int { blobs.reduce(0) { $0 + (sizes[$1] ?? 0) } }
    func blobs(last: Bool) -> Set<ContentHash> {
        entries.filter { $0.isLast == last }.reduce(into: []) { $0.formUnion($1.blobs) }
    }
}
