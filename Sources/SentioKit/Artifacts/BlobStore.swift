/// Immutable bytes, addressed by the hash of their content.
///
/// The engine's store is a folder of files; `MemoryBlobStore` stands in for it in tests.
public protocol BlobStore: Sendable {
    /// Stores bytes. Storing the same bytes again is cheap and changes nothing.
    /// - Throws: `BlobStoreError.cannotWrite` if the disk is full or not writable.
    func write(_ bytes: [UInt8]) throws -> BlobReference

    /// Stores the content of a file without loading it into memory.
    /// - Throws: `BlobStoreError.cannotRead` or `.cannotWrite`.
    func write(contentsOf path: String) throws -> BlobReference

    /// Reads a blob and verifies that its content has the requested hash.
    /// - Throws: `BlobStoreError.missing`, `.damaged` or `.unreadable`.
    func read(_ blob: BlobReference) throws -> [UInt8]

    /// Like `read`, without a copy if the store has files: a blob is verified once, then mapped into memory.
    /// - Throws: as `read`.
    func map(_ blob: BlobReference) throws -> MappedBytes

    /// The path of a verified, read-only file with the blob's content, for programs that need a path.
    /// - Throws: as `read`.
    func path(of blob: BlobReference) throws -> String
}

extension BlobStore {
    /// For stores without files: a copy in memory.
    public func map(_ blob: BlobReference) throws -> MappedBytes { MappedBytes(try read(blob)) }
}
