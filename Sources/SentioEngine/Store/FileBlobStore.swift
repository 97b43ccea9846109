import SentioBase
public import SentioKit
import Synchronization

/// Blobs as read-only files `cas/ab/cdef…`. Written beside their place, synced, renamed; verified whenever read.
///
/// Source files (a song in the user's folder) are blobs too, but stay where they are: the store knows their paths for
/// the length of a run and verifies what it reads from them.
public final class FileBlobStore: BlobStore {
    private let root: String
    private let temporary: String
    private let sources = Mutex<[ContentHash: String]>([:])
    private let unsynchronized = Mutex(Unsynchronized())

    /// Folders with blobs whose names may not outlast a power cut yet.
    private struct Unsynchronized {
        var folders: Set<String> = []
        var since = 0
    }

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

    /// Whether a regular file stands in the blob's place, in a real folder: what is reached by a link is not of this
    /// store.
    func isStored(_ hash: ContentHash) -> Bool {
        let place = place(hash)
        return WorkspaceFile.kind(of: place) == nil && Files.exists(place)
            && Files.isDirectoryItself(Paths.directory(of: place))
    }

    /// Whether the blob is there with the right size; its content is verified when it is read.
    public func contains(_ blob: BlobReference) -> Bool {
        let place = place(blob.hash)
        if Files.isFile(place, size: blob.size), Files.isDirectoryItself(Paths.directory(of: place)) { return true }
        return sources.withLock { $0[blob.hash] }.map { Files.size($0) == blob.size } ?? false
    }

    /// Whether the store itself has the blob; a source file in the user's folder may change any time.
    func stores(_ blob: BlobReference) -> Bool { Files.isFile(place(blob.hash), size: blob.size) }

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

    /// Gives a blob its place, whatever stands in it.
    private func finish(_ writer: FileWriter, _ blob: BlobReference) throws {
        let place = place(blob.hash), folder = Paths.directory(of: place)
        // A link or a file where the folder should be, a folder or a pipe where the blob should be: no blob of this
        // store.
        for path in [folder, place] where Files.exists(path) {
            let isRight = path == folder ? Files.isDirectoryItself(path) : WorkspaceFile.kind(of: path) == nil
            if !isRight, !setAside(path, as: blob.hash) {
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

    /// Makes the names of the blobs that were written durable, many folders at a time: one after the other each would
    /// wait for the disk. Without `isDue` at most once a second: a record whose blobs a power cut took is a miss.
    public func synchronize(isDue: Bool = false) {
        let now = WallClock.now()
        let folders = unsynchronized.withLock { waiting -> [String] in
            guard isDue || now - waiting.since > 1_000_000_000, !waiting.folders.isEmpty else { return [] }
            defer { waiting = Unsynchronized(since: now) }
            return Array(waiting.folders)
        }
        WaitingThreads.forEach(count: folders.count, threads: 16) { FolderSync.synchronize(folders[$0]) }
    }

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

    public func map(_ blob: BlobReference) throws -> MappedBytes {
        // A source file lies in the user's folder, where anybody may shorten it under the mapping.
        if try sourceInstead(of: blob.hash) != nil { return MappedBytes(try read(blob)) }
        let bytes = try opened(blob.hash) { place throws(BlobStoreError) in
            try MappedBytes(file: place, followsLinks: false)
        }
        // What is hashed is the mapping itself, not another look at the file.
        try check(bytes.withBytes { Hashing.content($0) }, blob.hash)
        return bytes
    }

    public func path(of blob: BlobReference) throws -> String {
        _ = try read(blob)
        return try sourceInstead(of: blob.hash) ?? place(blob.hash)
    }

    /// The file outside the store that has the blob; nil where something stands in its place here.
    /// - throws: `BlobStoreError.missing` where there is neither.
    private func sourceInstead(of hash: ContentHash) throws(BlobStoreError) -> String? {
        let place = place(hash)
        if Files.exists(place) { return nil }
        let folder = Paths.directory(of: place)
        if Files.exists(folder), !Files.isDirectoryItself(folder) { return nil }
        guard let source = sources.withLock({ $0[hash] }) else { throw .missing(hash) }
        return source
    }

    /// Reads what stands in a blob's place. What is no file, or one that the system does not hand over, is a lost blob;
    /// what this process lacks, descriptors or memory, is no fault of the blob.
    private func opened<Bytes>(_ hash: ContentHash, _ read: (String) throws(BlobStoreError) -> Bytes)
        throws(BlobStoreError) -> Bytes
    {
        let place = place(hash), folder = Paths.directory(of: place)
        guard Files.isDirectoryItself(folder) else {
            let kind = WorkspaceFile.kind(of: folder) ?? "a file"
            setAside(folder, as: hash)
            throw .unreadable(hash, reason: "\(folder) is \(kind)")
        }
        do { return try read(place) } catch {
            guard case .cannotRead(_, let reason) = error,
                ![EMFILE, ENFILE, ENOMEM, EAGAIN].map(FileBytes.reason).contains(reason)
            else {
                throw error
            }
            let kind = WorkspaceFile.kind(of: place).map { "\($0) is in its place" }
            setAside(place, as: hash)
            throw .unreadable(hash, reason: kind ?? reason)
        }
    }

    private func check(_ found: ContentHash, _ hash: ContentHash) throws(BlobStoreError) {
        if found == hash { return }
        setAside(place(hash), as: hash)
        throw .damaged(hash, found: found)
    }

    /// Every blob of the store with its size, in no order; also what is in the place of one.
    /// - throws: `BlobStoreError.cannotRead` for a folder that cannot be listed: what is in it is not lost.
    public func all() throws -> [BlobReference] {
        try Files.names(in: root).flatMap { prefix -> [BlobReference] in
            // What a link leads to is not of this store.
            guard Files.isDirectoryItself(root + "/" + prefix) else { return [] }
            return try Files.names(in: root + "/" + prefix).compactMap { name in
                guard let hash = ContentHash(hex: prefix + name) else { return nil }
                let path = root + "/" + prefix + "/" + name
                return BlobReference(hash: hash, size: WorkspaceFile.kind(of: path) == nil ? Files.size(path) ?? 0 : 0)
            }
        }
    }

    /// Paths where a folder of blobs should be and something else is: a link, a file.
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

    /// Whether the store holds the blob with the right content: what is written again replaces a damaged one.
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

    /// Moves what is no blob out of the store; it is kept for whoever wants to look.
    /// - returns: whether it is out of the way.
    @discardableResult
    func setAside(_ path: String, as hash: ContentHash) -> Bool {
        var aside = "\(temporary)/damaged-\(hash.hex)"
        if Files.exists(aside) { aside += "-" + String(UInt32.random(in: 0 ... .max), radix: 36) }
        return rename(path, aside) == 0 || unlink(path) == 0
    }

    private func temporaryPath() -> String {
        TemporaryName.path(in: temporary, purpose: "blob")
    }
}
