import SentioBase
import SentioKit

/// Locks the places in the user's folder where the stages of a run leave files, as long as the run lasts. Otherwise a
/// run could record bytes as its own that another one wrote.
///
/// Each place locks one byte of a file in the workspace. The locks belong to the open file description, so any number
/// of places takes one descriptor. Commands inherit it: one that outlives a killed run still holds the places.
final class OutputClaim {
    private let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// - parameter places: absolute paths.
    /// - returns: nil if another process holds one of them. On a file system without locks nothing is held.
    /// - throws: `BlobStoreError` if the file cannot be opened.
    static func attempt(_ places: [String], lock path: String) throws -> OutputClaim? {
        guard let descriptor = try WorkspaceFile.open(path, O_RDWR | O_CREAT, isInherited: true) else { return nil }
        let claim = OutputClaim(descriptor)
        for place in places where !claim.lock(byte(of: place)) { return nil }
        return claim
    }

    private static func byte(of place: String) -> off_t {
        off_t(Hashing.content(place).bytes.prefix(7).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    private func lock(_ byte: off_t) -> Bool {
        var lock = Self.lock(F_WRLCK, from: byte, length: 1)
        while fcntl(descriptor, Self.setLock, &lock) != 0 {
            if errno == EINTR { continue }
            return errno != EAGAIN && errno != EACCES
        }
        return true
    }

    deinit {
        // Unlock explicitly: a process that a command left running has the descriptor too, and must not hold the places
        // after the run has ended.
        var lock = Self.lock(F_UNLCK, from: 0, length: 0)
        _ = fcntl(descriptor, Self.setLock, &lock)
        close(descriptor)
    }

    #if os(Linux)
    private static func lock(_ type: some BinaryInteger, from start: off_t, length: off_t) -> flock {
        flock(l_type: Int16(type), l_whence: Int16(SEEK_SET), l_start: start, l_len: length, l_pid: 0)
    }
    /// `F_OFD_SETLK`, which the C library declares only with extensions.
    private static let setLock: Int32 = 37
    #else
    private static func lock(_ type: some BinaryInteger, from start: off_t, length: off_t) -> flock {
        flock(l_start: start, l_len: length, l_pid: 0, l_type: Int16(type), l_whence: Int16(SEEK_SET))
    }
    private static let setLock: Int32 = 90
    #endif
}
