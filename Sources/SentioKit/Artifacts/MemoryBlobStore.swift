import Synchronization

/// A blob store in memory, for tests. It records reads and writes.
public final class MemoryBlobStore: BlobStore {
    private struct State {
        var blobs: [ContentHash: [UInt8]] = [:]
        var reads: [ContentHash] = []
        var writes: [ContentHash] = []
    }
    private let state = Mutex(State())

    /// An empty store.
    public init() {}

    /// Hashes that were read, in order, repetitions included.
    public var reads: [ContentHash] { state.withLock(\.reads) }
    /// Hashes that were written, in order, repetitions included.
    public var writes: [ContentHash] { state.withLock(\.writes) }

    /// Stores bytes; cannot fail.
    public func write(_ bytes: [UInt8]) -> BlobReference {
        let hash = Hashing.content(bytes)
        state.withLock {
            $0.blobs[hash] = bytes
            $0.writes.append(hash)
        }
        return BlobReference(hash: hash, size: bytes.count)
    }

    /// Stores the content of a file.
    /// - Throws: `BlobStoreError.cannotRead`.
    public func write(contentsOf path: String) throws -> BlobReference { write(try FileBytes.read(path)) }

    /// Reads a blob and verifies its hash.
    /// - Throws: `BlobStoreError.missing` or `.damaged`.
    public func read(_ blob: BlobReference) throws -> [UInt8] {
        try state.withLock {
            $0.reads.append(blob.hash)
            guard let bytes = $0.blobs[blob.hash] else { throw BlobStoreError.missing(blob.hash) }
            let found = Hashing.content(bytes)
            guard found == blob.hash else { throw BlobStoreError.damaged(blob.hash, found: found) }
            return bytes
        }
    }

    /// Always fails: there are no files.
    /// - Throws: `BlobStoreError.cannotRead`.
    public func path(of blob: BlobReference) throws -> String {
        throw BlobStoreError.cannotRead(path: blob.hash.short, reason: "blobs in memory have no path")
    }

    /// Flips one bit, as a faulty disk would.
    public func damage(_ hash: ContentHash) { state.withLock { $0.blobs[hash]?[0] ^= 1 } }

    /// Loses a blob.
    public func remove(_ hash: ContentHash) { _ = state.withLock { $0.blobs.removeValue(forKey: hash) } }
}
