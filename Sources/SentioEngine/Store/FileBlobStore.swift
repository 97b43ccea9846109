import SentioBase
public import SentioKit
import Synchronization

/// Blobs as read-only files `cas/ab/cdef…`. They are written to a temporary file, synced and renamed, and verified on
/// every read.
///
/// Source files, such as a song in the user's folder, are blobs too but are not copied: the store knows their paths
/// during a run and verifies what it reads from them.
public final class FileBlobStore: BlobStore {
    private let root: String
    private let temporary: String
    private let sources = Mutex<[ContentHash: String]>([:])
    private let unsynchronized = Mutex(Unsynchronized())

    /// Folders with new names that are not durable yet.
    private struct Unsynchronized {
        var folders: Set<String> = []
        var since = 0
    }

    /// A store in the folder `root`.
    /// - Parameter temporary: a folder on the same file system.
    public init(root: String, temporary: String) {
        self.root = root
        self.temporary = temporary
    }

    /// The path of a blob in the store.
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

    /// Registers the path of a source file.
    func register(source path: String, _ hash: ContentHash) { sources.withLock { $0[hash] = path } }

    /// Whether a regular file is in the blob's place, in a real folder: what is reached through a link is not part of
    /// this store.
    func isStored(_ hash: ContentHash) -> Bool {
        let place = place(hash)
        return WorkspaceFile.kind(of: place) == nil && Files.exists(place)
            && Files.isDirectoryItself(Paths.directory(of: place))
    }

    /// Whether the blob exists with the right size. Its content is verified on reading.
    public func contains(_ blob: BlobReference) -> Bool {
        let place = place(blob.hash)
        if Files.isFile(place, size: blob.size), Files.isDirectoryItself(Paths.directory(of: place)) { return true }
        return sources.withLock { $0[blob.hash] }.map { Files.size($0) == blob.size } ?? false
    }

    /// Whether the store itself has the blob, and not only a source file, which can change at any time.
    func stores(_ blob: BlobReference) -> Bool { Files.isFile(place(blob.hash), size: blob.size) }

    /// Stores bytes; replaces a damaged blob.
    /// - Throws: `BlobStoreError`.
    public func write(_ bytes: [UInt8]) throws -> BlobReference {
        let blob = BlobReference(hash: Hashing.content(bytes), size: bytes.count)
        if isIntact(blob) { return blob }
        let writer = try FileWriter(path: temporaryPath())
        do {
            try writer.write(bytes)
            try finish(writer, blob)
        } catch {
            writer.abandon()
            throw error
        }
        return blob
    }

    /// Stores the content of a file, read in chunks; replaces a damaged blob.
    /// - Throws: `BlobStoreError`.
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
            if isIntact(blob) { writer.abandon() } else { try finish(writer, blob) }
            return blob
        } catch {
            writer.abandon()
            throw error
        }
    }

    /// Moves a written blob to its place, quarantining anything else that is there.
    private func finish(_ writer: FileWriter, _ blob: BlobReference) throws {
        let place = place(blob.hash), folder = Paths.directory(of: place)
        // A link or a file in place of the folder, or a folder or a pipe in place of the blob, is not part of the
        // store.
        for path in [folder, place] where Files.exists(path) {
            let isRight = path == folder ? Files.isDirectoryItself(path) : WorkspaceFile.kind(of: path) == nil
            if !isRight, !quarantine(path, as: blob.hash) {
                throw BlobStoreError.misplaced(
                    path: path, isA: WorkspaceFile.kind(of: path) ?? "a file",
                    expected: path == folder ? "a folder" : "a blob")
            }
        }
        let isNew = !Files.exists(folder)
        try writer.finish(renamingTo: place, mode: 0o444)
        unsynchronized.withLock {
            $0.folders.insert(folder)
            if isNew { $0.folders.insert(root) }
        }
    }

    /// Makes the names of new blobs durable, many folders in parallel, because each sync waits for the disk. Unless
    /// `isDue`, at most once a second: a record whose blobs are lost in a power failure is only a cache miss.
    public func synchronize(isDue: Bool = false) {
        let now = WallClock.now()
        let folders = unsynchronized.withLock { waiting -> [String] in
            guard isDue || now - waiting.since > 1_000_000_000, !waiting.folders.isEmpty else { return [] }
            defer { waiting = Unsynchronized(since: now) }
            return Array(waiting.folders)
        }
        WaitingThreads.forEach(count: folders.count, threads: 16) { FolderSync.synchronize(folders[$0]) }
    }

    /// Reads a blob or registered source file and verifies it. A damaged blob is quarantined.
    /// - Throws: `BlobStoreError`.
    public func read(_ blob: BlobReference) throws -> [UInt8] {
        if let source = try sourceInstead(of: blob.hash) {
            let bytes = try FileBytes.read(source)
            guard Hashing.content(bytes) == blob.hash else { throw BlobStoreError.sourceChanged(path: source) }
            return bytes
        }
        let bytes = try opened(blob.hash) { place throws(BlobStoreError) in
            try FileBytes.read(place, followsLinks: false)
        }
        try check(Hashing.content(bytes), blob.hash)
        return bytes
    }

    /// Maps a blob and verifies it; a source file is copied.
    /// - Throws: `BlobStoreError`.
    public func map(_ blob: BlobReference) throws -> MappedBytes {
        // A source file is in the user's folder and could be truncated while it is mapped.
        if try sourceInstead(of: blob.hash) != nil { return MappedBytes(try read(blob)) }
        let bytes = try opened(blob.hash) { place throws(BlobStoreError) in
            try MappedBytes(file: place, followsLinks: false)
        }
        // Hash the mapping itself rather than reading the file a second time.
        try check(bytes.withBytes { Hashing.content($0) }, blob.hash)
        return bytes
    }

    /// The path of the verified blob or source file.
    /// - Throws: `BlobStoreError`.
    public func path(of blob: BlobReference) throws -> String {
        _ = try read(blob)
        return try sourceInstead(of: blob.hash) ?? place(blob.hash)
    }

    /// The source file with the blob; nil if something is in the blob's place in the store.
    /// - Throws: `BlobStoreError.missing` if there is neither.
    private func sourceInstead(of hash: ContentHash) throws(BlobStoreError) -> String? {
        let place = place(hash)
        if Files.exists(place) { return nil }
        let folder = Paths.directory(of: place)
        if Files.exists(folder), !Files.isDirectoryItself(folder) { return nil }
        guard let source = sources.withLock({ $0[hash] }) else { throw .missing(hash) }
        return source
    }

    /// Reads what is in a blob's place. If it is not a readable file, the blob is lost, unless the process has run out
    /// of descriptors or memory.
    private func opened<Bytes>(_ hash: ContentHash, _ read: (String) throws(BlobStoreError) -> Bytes)
        throws(BlobStoreError) -> Bytes
    {
        let place = place(hash), folder = Paths.directory(of: place)
        guard Files.isDirectoryItself(folder) else {
            let kind = WorkspaceFile.kind(of: folder) ?? "a file"
            quarantine(folder, as: hash)
            throw .unreadable(hash, reason: "\(folder) is \(kind)")
        }
        do { return try read(place) } catch {
            guard case .cannotRead(_, let reason) = error,
                ![EMFILE, ENFILE, ENOMEM, EAGAIN].map(FileBytes.reason).contains(reason)
            else {
                throw error
            }
            let kind = WorkspaceFile.kind(of: place).map { "\($0) is in its place" }
            quarantine(place, as: hash)
            throw .unreadable(hash, reason: kind ?? reason)
        }
    }

    private func check(_ found: ContentHash, _ hash: ContentHash) throws(BlobStoreError) {
        if found == hash { return }
        quarantine(place(hash), as: hash)
        throw .damaged(hash, found: found)
    }

    /// Every blob of the store with its size, unordered, including anything else in the place of a blob.
    /// - Throws: `BlobStoreError.cannotRead` for a folder that cannot be listed: its blobs are not lost.
    public func all() throws -> [BlobReference] {
        try Files.names(in: root).flatMap { prefix -> [BlobReference] in
            // What is reached through a link is not part of this store.
            guard Files.isDirectoryItself(root + "/" + prefix) else { return [] }
            return try Files.names(in: root + "/" + prefix).compactMap { name in
                guard let hash = ContentHash(hex: prefix + name) else { return nil }
                let path = root + "/" + prefix + "/" + name
                return BlobReference(hash: hash, size: WorkspaceFile.kind(of: path) == nil ? Files.size(path) ?? 0 : 0)
            }
        }
    }

    /// Paths of links and files in the place of folders of blobs.
    func misplacedFolders() -> [String] {
        Files.list(root).filter { $0.utf8.count == 2 && $0.allSatisfy(\.isHexDigit) }.map { root + "/" + $0 }.filter {
            !Files.isDirectoryItself($0)
        }
    }

    /// Removes a blob from the store.
    func remove(_ hash: ContentHash) {
        let place = place(hash)
        if Files.isDirectoryItself(Paths.directory(of: place)) { Files.remove(place) }
    }

    /// Whether the store has the blob with the right content: writing a blob again replaces a damaged one.
    private func isIntact(_ blob: BlobReference) -> Bool {
        let place = place(blob.hash)
        guard Files.isFile(place, size: blob.size), Files.isDirectoryItself(Paths.directory(of: place)) else {
            return false
        }
        var hasher = SHA256Hasher()
        guard (try? Files.readChunks(place, { buffer throws(BlobStoreError) in hasher.update(buffer) })) != nil else {
            return false
        }
        return hasher.finalize() == blob.hash
    }

    /// Moves what is not a valid blob out of the store, and keeps it for inspection.
    /// - Returns: whether it is out of the way.
    @discardableResult
    func quarantine(_ path: String, as hash: ContentHash) -> Bool {
        var aside = "\(temporary)/damaged-\(hash.hex)"
        if Files.exists(aside) { aside += "-" + String(UInt32.random(in: 0 ... .max), radix: 36) }
        return rename(path, aside) == 0 || unlink(path) == 0
    }

    private func temporaryPath() -> String {
        TemporaryName.path(in: temporary, purpose: "blob")
    }
}
