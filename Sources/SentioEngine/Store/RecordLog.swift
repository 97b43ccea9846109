import SentioBase
import SentioKit
import Synchronization

/// An append-only file of records by key; the last record of a key counts.
///
/// A line is `KEY LABEL CHECK PAYLOAD`: 64 hexadecimal digits, 16 (a label that groups keys: one stage of one pipeline,
/// or zeros), 16 (a checksum of the payload), and text without line ends. A line truncated by a kill or a full disk has
/// a wrong checksum and is ignored. Writers take an exclusive `flock` for each append, so that several processes can
/// share a log; 100,000 records are one file of a few megabytes that opens in milliseconds.
final class RecordLog: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var byKey: [ContentHash: Range<Int>] = [:]
        var latestByLabel: [UInt64: ContentHash] = [:]
        var isLoaded = false
        var isDirty = false
        /// Identity of the file that was read: `artifacts gc` replaces it.
        var device: dev_t = 0
        var inode: ino_t = 0
    }

    private let path: String
    private let state = Mutex(State())

    init(path: String) { self.path = path }

    /// The payload of the last record of a key.
    func payload(_ key: ContentHash) throws -> [UInt8]? {
        try state.withLock { state in
            try load(&state)
            return state.byKey[key].map { Array(state.bytes[$0]) }
        }
    }

    /// The last key of each label, at most `count` of them, unordered.
    func latestKeys(atMost count: Int) throws -> [ContentHash] {
        try state.withLock { state in
            try load(&state)
            return Array(state.latestByLabel.values.prefix(count))
        }
    }

    /// The last key of a label.
    func latest(label: UInt64) throws -> ContentHash? {
        try state.withLock { state in
            try load(&state)
            return state.latestByLabel[label]
        }
    }

    /// Keys and payloads that contain some bytes, the newest first.
    func newest(having needle: [UInt8], atMost count: Int) throws -> [(key: ContentHash, payload: [UInt8])] {
        try state.withLock { state in
            try load(&state)
            var found: [(key: ContentHash, payload: [UInt8])] = []
            state.bytes.withUnsafeBytes { bytes in
                for (key, range) in state.byKey.sorted(by: { $0.value.lowerBound > $1.value.lowerBound })
                where found.count < count {
                    let payload = UnsafeRawBufferPointer(rebasing: bytes[range])
                    if Self.holds(payload, needle) { found.append((key, Array(payload))) }
                }
            }
            return found
        }
    }

    /// All keys with their payloads, unordered.
    func all() throws -> [(key: ContentHash, payload: [UInt8])] {
        try state.withLock { state in
            try load(&state)
            return state.byKey.map { ($0.key, Array(state.bytes[$0.value])) }
        }
    }

    /// Reads what other processes have appended.
    func refresh() throws {
        try state.withLock { state in
            guard state.isLoaded else { return try load(&state) }
            try readTail(&state)
        }
    }

    /// Appends a record. It survives a kill of the process at once, and a power failure after `synchronize()`.
    /// - Precondition: the payload contains no line end.
    func append(_ key: ContentHash, label: UInt64 = 0, payload: [UInt8]) throws {
        precondition(!payload.contains(0x0A), "A record is one line.")
        var line = Array(key.hex.utf8)
        line.append(0x20)
        line += Self.hex(label)
        line.append(0x20)
        line += Self.hex(Self.checksum(payload[...]))
        line.append(0x20)
        line += payload
        line.append(0x0A)
        try state.withLock { state in
            try load(&state)
            try write(line)
            state.isDirty = true
            try readTail(&state)
        }
    }

    /// Makes a key the last of a label by appending its record again, unless it already is.
    func touch(_ key: ContentHash, label: UInt64) throws {
        guard try latest(label: label) != key, let payload = try payload(key) else { return }
        try append(key, label: label, payload: payload)
    }

    /// Makes appended records durable.
    func synchronize() throws {
        guard state.withLock({ $0.isDirty }) else { return }
        guard let descriptor = try WorkspaceFile.open(path, O_RDWR) else {
            throw BlobStoreError.cannotWrite(path: path, reason: FileBytes.reason(ENOENT))
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw BlobStoreError.cannotWrite(path: path, reason: FileBytes.systemReason())
        }
        state.withLock { $0.isDirty = false }
    }

    /// Removes the lines of some keys by replacing the file.
    /// - Precondition: no other process appends meanwhile.
    func remove(_ isRemoved: (ContentHash) -> Bool, temporary: String) throws {
        try state.withLock { state in
            try load(&state)
            try readTail(&state)
            guard !state.bytes.isEmpty else { return }
            var kept: [UInt8] = [], start = 0
            kept.reserveCapacity(state.bytes.count)
            state.bytes.withUnsafeBufferPointer { bytes in
                while start < bytes.count, let length = Self.lineLength(bytes, from: start) {
                    let end = start + length
                    let key =
                        length >= 99
                        ? ContentHash(
                            hexBytes: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[start..<start + 64])))
                        : nil
                    // A malformed line is torn and can be dropped.
                    if let key, !isRemoved(key) { kept += bytes[start...end] }
                    start = end + 1
                }
            }
            try Files.writeAtomically(kept, to: path, temporary: temporary)
            state = State()
            try load(&state)
        }
    }

    private static func holds(_ bytes: UnsafeRawBufferPointer, _ needle: [UInt8]) -> Bool {
        guard let first = needle.first, var place = bytes.baseAddress else { return needle.isEmpty }
        let end = place + bytes.count
        while end - place >= needle.count, let found = memchr(place, Int32(first), end - place) {
            let start = UnsafeRawPointer(found)
            if end - start >= needle.count, memcmp(start, needle, needle.count) == 0 { return true }
            place = start + 1
        }
        return false
    }

    // MARK: Writing

    private func write(_ line: [UInt8]) throws {
        let descriptor = try openForAppending()
        defer { close(descriptor) }
        let end = lseek(descriptor, 0, SEEK_END)
        var last: UInt8 = 0x0A
        // Start a new line if an earlier process did not finish its own.
        if end > 0 { _ = pread(descriptor, &last, 1, end - 1) }
        let bytes = last == 0x0A ? line : [0x0A] + line
        let code = bytes.withUnsafeBytes { DescriptorWrite.all($0, to: descriptor) }
        guard code == 0 else {
            _ = ftruncate(descriptor, end)
            throw BlobStoreError.cannotWrite(path: path, reason: FileBytes.reason(code))
        }
        if end == 0 { FolderSync.synchronize(Paths.directory(of: path)) }
    }

    /// Opens the file and locks it.
    private func openForAppending() throws -> Int32 {
        while true {
            guard let descriptor = try WorkspaceFile.open(path, O_RDWR | O_CREAT | O_APPEND) else { continue }
            var isLocked = flock(descriptor, LOCK_EX) == 0
            while !isLocked, errno == EINTR { isLocked = flock(descriptor, LOCK_EX) == 0 }
            guard isLocked else {
                let reason = FileBytes.systemReason()
                close(descriptor)
                throw BlobStoreError.cannotWrite(path: path, reason: reason)
            }
            // The file may have been replaced before the lock.
            var ours = stat(), theirs = stat()
            if fstat(descriptor, &ours) == 0, lstat(path, &theirs) == 0, ours.st_ino == theirs.st_ino,
                ours.st_dev == theirs.st_dev
            {
                return descriptor
            }
            close(descriptor)
        }
    }

    // MARK: Reading

    private func load(_ state: inout State) throws { if !state.isLoaded { try readTail(&state) } }

    /// Reads what has been appended, or everything if the file was replaced. If it cannot be read, the known records
    /// stay: an unreadable log is not an empty one.
    private func readTail(_ state: inout State) throws {
        guard let descriptor = try WorkspaceFile.open(path, O_RDONLY) else {
            state = State()
            state.isLoaded = true
            return
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw BlobStoreError.cannotRead(path: path, reason: FileBytes.systemReason())
        }
        let size = Int(status.st_size)
        guard size <= FileBytes.limit else {
            throw BlobStoreError.cannotRead(path: path, reason: "it has \(size) bytes; the limit is 4 GiB")
        }
        let isSame = state.inode == status.st_ino && state.device == status.st_dev && size >= state.bytes.count
        let known = isSame ? state.bytes.count : 0
        let more = try Self.bytes(of: descriptor, from: known, count: size - known, path)
        if !isSame {
            let isDirty = state.isDirty
            state = State()
            (state.isDirty, state.device, state.inode) = (isDirty, status.st_dev, status.st_ino)
        }
        state.isLoaded = true
        if known == 0 { state.bytes = more } else { state.bytes += more }
        index(&state, from: known)
    }

    private static func bytes(of descriptor: Int32, from start: Int, count: Int, _ path: String) throws -> [UInt8] {
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(descriptor, buffer.baseAddress! + filled, count - filled, off_t(start + filled))
                if got < 0, errno == EINTR { continue }
                if got < 0 { code = errno }
                guard got > 0 else { break }
                filled += got
            }
        }
        guard code == 0 else { throw BlobStoreError.cannotRead(path: path, reason: FileBytes.reason(code)) }
        return bytes
    }

    /// Indexes complete lines from an offset. An incomplete last line is read again later.
    private func index(_ state: inout State, from offset: Int) {
        var start = offset
        state.bytes.withUnsafeBufferPointer { bytes in
            while start < bytes.count {
                guard let length = Self.lineLength(bytes, from: start) else { break }
                let end = start + length
                if length >= 99, bytes[start + 64] == 0x20, bytes[start + 81] == 0x20, bytes[start + 98] == 0x20,
                    let key = ContentHash(
                        hexBytes: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[start..<start + 64]))),
                    let label = Self.word(bytes, at: start + 65), let check = Self.word(bytes, at: start + 82)
                {
                    let payload = start + 99..<end
                    if Self.checksum(bytes[payload]) == check {
                        state.byKey[key] = payload
                        if label != 0 { state.latestByLabel[label] = key }
                    }
                }
                start = end + 1
            }
        }
        state.bytes.removeSubrange(start...)
    }

    private static func lineLength(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard let base = bytes.baseAddress, let found = memchr(base + start, 0x0A, bytes.count - start) else {
            return nil
        }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base + start)
    }

    private static func word(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> UInt64? {
        var word: UInt64 = 0
        for byte in bytes[start..<start + 16] {
            switch byte {
            case 0x30...0x39: word = word << 4 | UInt64(byte - 0x30)
            case 0x61...0x66: word = word << 4 | UInt64(byte - 0x61 + 10)
            default: return nil
            }
        }
        return word
    }

    private static func hex(_ word: UInt64) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return (0..<16).map { digits[Int((word >> UInt64(60 - 4 * $0)) & 15)] }
    }

    /// FNV-1a of the payload, to detect torn lines.
    private static func checksum(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var sum: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { sum = (sum ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return sum
    }
}
