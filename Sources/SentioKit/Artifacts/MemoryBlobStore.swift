import Synchronization

/// The in-memory twin of the engine's blob store, for tests: it records what was read and written.
public final class MemoryBlobStore: BlobStore {
    private struct State {
        var blobs: [ContentHash: [UInt8]] = [:]
        var reads: [ContentHash] = []
        var writes: [ContentHash] = []
    }
    private let state = Mutex(State())

    public init() {}

    public var reads: [ContentHash] { state.withLock(\.reads) }
    public var writes: [ContentHash] { state.withLock(\.writes) }

    public func write(_ bytes: [UInt8]) -> BlobReference {
        let hash = Hashing.content(bytes)
        state.withLock {
            $0.blobs[hash] = bytes
            $0.writes.append(hash)
        }
        return BlobReference(hash: hash, size: bytes.count)
    }

    public func write(contentsOf path: String) throws -> BlobReference { write(try FileBytes.read(path)) }

    public func read(_ blob: BlobReference) throws -> [UInt8] {
        try state.withLock {
            $0.reads.append(blob.hash)
            guard let bytes = $0.blobs[blob.hash] else { throw BlobStoreError.missing(blob.hash) }
            let found = Hashing.content(bytes)
            guard found == blob.hash else { throw BlobStoreError.damaged(blob.hash, found: found) }
            return bytes
        }
    }

    public func path(of blob: BlobReference) throws -> String {
        throw BlobStoreError.cannotRead(path: blob.hash.short, reason: "blobs in memory have no path")
    }

    /// Flips one bit, as a bad disk does.
    public func damage(_ hash: ContentHash) { state.withLock { $0.blobs[hash]?[0] ^= 1 } }

    /// Forgets a blob.
    public func remove(_ hash: ContentHash) { _ = state.withLock { $0.blobs.removeValue(forKey: hash) } }
}
