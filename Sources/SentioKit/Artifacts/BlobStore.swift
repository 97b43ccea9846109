/// Immutable bytes by the hash of their content.
///
/// The real one is the engine's folder of files; `MemoryBlobStore` is its twin for tests.
public protocol BlobStore: Sendable {
    /// Stores bytes; storing the same bytes again is cheap and changes nothing.
    /// - throws: `BlobStoreError` where the disk is full or refuses.
    func write(_ bytes: [UInt8]) throws -> BlobReference

    /// Stores the content of a file without holding it in memory.
    func write(contentsOf path: String) throws -> BlobReference

    /// Reads and verifies: what comes back has the hash that was asked for.
    /// - throws: `BlobStoreError.missing` or `.damaged`.
    func read(_ blob: BlobReference) throws -> [UInt8]

    /// The same without a copy, where the store has files: verified once, then read where they lie.
    /// - throws: as `read`.
    func map(_ blob: BlobReference) throws -> MappedBytes

    /// The path of a verified file with the blob's content, for programs that want a path. Read only.
    func path(of blob: BlobReference) throws -> String
}

extension BlobStore {
    public func map(_ blob: BlobReference) throws -> MappedBytes { MappedBytes(try read(blob)) }
}
