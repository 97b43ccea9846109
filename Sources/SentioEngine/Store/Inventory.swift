import SentioKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What lies in a workspace, and what refers to it.
struct Inventory {
    struct Entry {
        let record: StageRecord
        /// Manifests, items and listings that are in the store.
        let blobs: Set<ContentHash>
        /// Whether it is what its stage had last: that is never collected.
        let isLast: Bool
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
    /// One for each training that can go on: `tmp/checkpoints/KEY`.
    private(set) var checkpoints: [Folder] = []
    /// Blobs that were set aside.
    private(set) var damaged: [Folder] = []

    init(_ workspace: Workspace) throws {
        for blob in workspace.blobs.all() { sizes[blob.hash] = blob.size }
        let last = try workspace.records.latestStages()
        var entriesOf: [ContentHash: [ContentHash]] = [:]
        for record in try workspace.records.allStages() {
            var blobs: Set<ContentHash> = []
            for output in Array(record.outputs.values) + Array(record.listings.values) where sizes[output.hash] != nil {
                blobs.insert(output.hash)
            }
            for output in record.outputs.values where sizes[output.hash] != nil {
                let found = entriesOf[output.hash] ?? ((try? workspace.entryBlobs(output)) ?? []).map(\.hash)
                entriesOf[output.hash] = found
                for hash in found where sizes[hash] != nil { blobs.insert(hash) }
            }
            entries.append(Entry(record: record, blobs: blobs, isLast: last.contains(record.key)))
        }
        items = try workspace.records.allItems().map { ($0.key, $0.blob.hash) }.filter { sizes[$0.blob] != nil }
        let temporary = workspace.path + "/tmp"
        checkpoints = Files.list(temporary + "/checkpoints").map { Self.folder(temporary + "/checkpoints/" + $0) }
        damaged = Files.list(temporary).filter { $0.hasPrefix("damaged-") }.map { Self.folder(temporary + "/" + $0) }
    }

    /// A file or a folder with all in it.
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
    func blobs(last: Bool) -> Set<ContentHash> { entries.filter { $0.isLast == last }.reduce(into: []) { $0.formUnion($1.blobs) } }
}
