public import SentioKit
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Blobs as read-only files `cas/ab/cdef…`. Written beside their place, synced, renamed; verified whenever read.
///
/// Source files (a song in the user's folder) are blobs too, but stay where they are: the store knows their paths for
/// the length of a run and verifies what it reads from them.
public final class FileBlobStore: BlobStore {
    private let root: String
    private let temporary: String
    private let sources = Mutex<[ContentHash: String]>([:])

    /// - parameter temporary: a folder on the same file system.
    public init(root: String, temporary: String) {
        self.root = root
        self.temporary = temporary
    }

    /// Where a blob of the store lies.
    func place(_ hash: ContentHash) -> String {
        let hex = hash.hex
        var path = root
        path.reserveCapacity(root.utf8.count + 66)
        path += "/"
        path += hex.prefix(2)
        path += "/"
        path += hex.dropFirst(2)
        return path
    }

    /// Remembers where a source file lies.
    func register(source path: String, _ hash: ContentHash) { sources.withLock { $0[hash] = path } }

    /// Whether the blob is there with the right size; its content is verified when it is read.
    public func contains(_ blob: BlobReference) -> Bool {
        if Files.isFile(place(blob.hash), size: blob.size) { return true }
        return sources.withLock { $0[blob.hash] }.map { Files.size($0) == blob.size } ?? false
    }

    public func write(_ bytes: [UInt8]) throws -> BlobReference {
        let blob = BlobReference(hash: Hashing.content(bytes), size: bytes.count)
        let place = place(blob.hash)
        if isIntact(blob) { return blob }
        try Files.writeAtomically(bytes, to: place, temporary: temporaryPath(), mode: 0o444)
        return blob
    }

    public func write(contentsOf path: String) throws -> BlobReference {
        let writer = try FileWriter(path: temporaryPath())
        do {
            var hasher = SHA256Hasher(), size = 0
            try Files.readChunks(path) { buffer throws(BlobStoreError) in
                hasher.update(buffer)
                size += buffer.count
                try writer.write(buffer)
            }
            let blob = BlobReference(hash: hasher.finalize(), size: size)
            if isIntact(blob) {
                writer.abandon()
            } else {
                try writer.finish(renamingTo: place(blob.hash), mode: 0o444)
            }
            return blob
        } catch {
            writer.abandon()
            throw error
        }
    }

    public func read(_ blob: BlobReference) throws -> [UInt8] {
        let place = place(blob.hash)
        let isStored = Paths.exists(place)
        let source = isStored ? nil : sources.withLock { $0[blob.hash] }
        guard isStored || source != nil else { throw BlobStoreError.missing(blob.hash) }
        let bytes = try FileBytes.read(source ?? place)
        let found = Hashing.content(bytes)
        guard found == blob.hash else {
            if let source { throw BlobStoreError.sourceChanged(path: source) }
            setAside(place)
            throw BlobStoreError.damaged(blob.hash, found: found)
        }
        return bytes
    }

    public func map(_ blob: BlobReference) throws -> MappedBytes {
        let place = place(blob.hash)
        // A source file lies in the user's folder, where anybody may shorten it under the mapping.
        guard Paths.exists(place) else { return MappedBytes(try read(blob)) }
        let bytes = try MappedBytes(file: place)
        // What is hashed is the mapping itself, not another look at the file.
        let found = bytes.withBytes { Hashing.content($0) }
        guard found == blob.hash else {
            setAside(place)
            throw BlobStoreError.damaged(blob.hash, found: found)
        }
        return bytes
    }

    public func path(of blob: BlobReference) throws -> String {
        _ = try read(blob)
        let place = place(blob.hash)
        return Paths.exists(place) ? place : sources.withLock { $0[blob.hash] } ?? place
    }

    /// Every blob of the store with its size, in no order.
    public func all() -> [BlobReference] {
        Files.list(root).flatMap { prefix in
            Files.list(root + "/" + prefix).compactMap { name in
                guard let hash = ContentHash(hex: prefix + name) else { return nil }
                return BlobReference(hash: hash, size: Files.size(root + "/" + prefix + "/" + name) ?? 0)
            }
        }
    }

    /// Removes a blob from the store.
    func remove(_ hash: ContentHash) { unlink(place(hash)) }

    /// Whether the store holds the blob with the right content: what is written again replaces a damaged one.
    private func isIntact(_ blob: BlobReference) -> Bool {
        let place = place(blob.hash)
        guard Files.isFile(place, size: blob.size) else { return false }
        var hasher = SHA256Hasher()
        guard (try? Files.readChunks(place, { buffer throws(BlobStoreError) in hasher.update(buffer) })) != nil else { return false }
        return hasher.finalize() == blob.hash
    }

    /// Moves a damaged blob out of the store; it is kept for whoever wants to look.
    private func setAside(_ place: String) {
        let aside = "\(temporary)/damaged-\(Paths.directory(of: place).suffix(2))\(place.suffix(62))"
        if rename(place, aside) != 0 { unlink(place) }
    }

    private func temporaryPath() -> String {
        TemporaryName.path(in: temporary, purpose: "blob")
    }
}
