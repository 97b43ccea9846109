import SentioBase
import SentioKit
import Synchronization

/// Caches the hash of a file by device, inode, size, mtime and ctime, so that unchanged files are not read.
///
/// A file modified within a clock tick before it was hashed may change again without a new mtime, so it is not cached.
/// Losing the cache costs only time.
final class StatCache: Sendable {
    struct Fingerprint: Equatable, Sendable {
        let device: UInt64, inode: UInt64, size: Int, modified: Int, changed: Int

        init(_ status: stat) {
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
            size = Int(status.st_size)
            #if canImport(Darwin)
            modified = WallClock.nanoseconds(status.st_mtimespec)
            changed = WallClock.nanoseconds(status.st_ctimespec)
            #else
            modified = WallClock.nanoseconds(status.st_mtim)
            changed = WallClock.nanoseconds(status.st_ctim)
            #endif
        }

        init(device: UInt64, inode: UInt64, size: Int, modified: Int, changed: Int) {
            self.device = device
            self.inode = inode
            self.size = size
            self.modified = modified
            self.changed = changed
        }

        /// Whether the file had been unchanged for at least a clock tick at time `now` (ns). Kernels have ticks of up
        /// to 10 ms, and file systems without nanoseconds up to 2 s.
        func isTrusted(at now: Int) -> Bool {
            let last = max(modified, changed)
            let tick = modified % 1_000_000_000 == 0 ? 2_000_000_000 : 20_000_000
            return last < now - tick
        }
    }

    private struct State {
        var entries: [String: (print: Fingerprint, hash: ContentHash)] = [:]
        var isLoaded = false
        var isChanged = false
    }

    private let path: String
    private let now: @Sendable () -> Int
    private let state = Mutex(State())

    /// - Parameter now: the clock, in nanoseconds since 1970.
    init(path: String, now: @escaping @Sendable () -> Int = WallClock.now) {
        self.path = path
        self.now = now
    }

    /// The hash and size of a regular file, which is read only if it is not in the cache.
    func hash(_ path: String) throws -> BlobReference {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw BlobStoreError.cannotRead(path: path, reason: FileKind.reasonNotOpened(path, errno))
        }
        if let reason = FileKind.reasonNotRead(UInt32(status.st_mode)) {
            throw BlobStoreError.cannotRead(path: path, reason: reason)
        }
        let before = Fingerprint(status)
        let known = state.withLock { state in
            load(&state)
            return state.entries[path]
        }
        if let known, known.print == before { return BlobReference(hash: known.hash, size: before.size) }
        let started = now()
        var hasher = SHA256Hasher(), size = 0
        try Files.readChunks(path) { buffer throws(BlobStoreError) in
            hasher.update(buffer)
            size += buffer.count
        }
        let hash = hasher.finalize()
        guard stat(path, &status) == 0, Fingerprint(status) == before, size == before.size else {
            throw BlobStoreError.sourceChanged(path: path)
        }
        if before.isTrusted(at: started) {
            state.withLock {
                $0.entries[path] = (before, hash)
                $0.isChanged = true
            }
        }
        return BlobReference(hash: hash, size: size)
    }

    /// Removes a file whose content turned out to be different.
    func forget(_ path: String) {
        state.withLock { state in
            load(&state)
            if state.entries.removeValue(forKey: path) != nil { state.isChanged = true }
        }
    }

    /// Loads the cache now instead of on first use.
    func preload() { state.withLock { load(&$0) } }

    /// All cached files, for finding a source by its content.
    var remembered: [(path: String, hash: ContentHash)] {
        state.withLock { state in
            load(&state)
            return state.entries.map { ($0.key, $0.value.hash) }
        }
    }

    /// Writes the cache. A failure only costs time in the next run.
    func save(temporary: String) {
        let text: String? = state.withLock { state in
            guard state.isChanged else { return nil }
            state.isChanged = false
            return state.entries.filter { !$0.key.contains("\n") }.map { path, entry in
                let print = entry.print
                return
                    "\(print.device) \(print.inode) \(print.size) \(print.modified) \(print.changed) "
                    + "\(entry.hash.hex) \(path)\n"
            }.joined()
        }
        if let text { try? Files.writeAtomically(Array(text.utf8), to: path, temporary: temporary) }
    }

    private func load(_ state: inout State) {
        guard !state.isLoaded else { return }
        state.isLoaded = true
        guard let bytes = try? FileBytes.read(path, followsLinks: false) else { return }
        for line in bytes.split(separator: 0x0A) {
            let parts = line.split(separator: 0x20, maxSplits: 6)
            guard parts.count == 7 else { continue }
            let numbers = parts[..<5].map { String(decoding: $0, as: UTF8.self) }
            guard let device = UInt64(numbers[0]), let inode = UInt64(numbers[1]), let size = Int(numbers[2]),
                let modified = Int(numbers[3]), let changed = Int(numbers[4]),
                let hash = parts[5].withUnsafeBytes({ ContentHash(hexBytes: $0) })
            else { continue }
            let print = Fingerprint(device: device, inode: inode, size: size, modified: modified, changed: changed)
            state.entries[String(decoding: parts[6], as: UTF8.self)] = (print, hash)
        }
    }
}
