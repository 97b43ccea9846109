import SentioBase
import SentioKit
import Synchronization

/// An exclusive `flock` on a file of the workspace. It is released when the process ends; the file names its holder.
package final class FileLock {
    private let descriptor: Int32
    private let path: String
    /// Locks that this process holds. The text in the file is not enough: a process in another container may have the
    /// same id and host name.
    private static let held = Mutex<Set<String>>([])

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Takes the lock if it is free.
    /// - Returns: nil if it is held.
    /// - Throws: `BlobStoreError`.
    package static func attempt(_ path: String) throws -> FileLock? {
        while true {
            // Processes that the stage starts inherit the lock on purpose: a command that outlives a killed run still
            // holds its stage.
            guard let descriptor = try WorkspaceFile.open(path, O_RDWR | O_CREAT, isInherited: true) else { continue }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let code = errno
                close(descriptor)
                if code == EWOULDBLOCK || code == EINTR { return nil }
                throw BlobStoreError.cannotWrite(path: path, reason: FileBytes.reason(code))
            }
            // The previous holder may have removed the file between our open and our lock; then the lock has no effect.
            var ours = stat(), theirs = stat()
            if fstat(descriptor, &ours) == 0, lstat(path, &theirs) == 0, ours.st_ino == theirs.st_ino,
                ours.st_dev == theirs.st_dev
            {
                let text = "\(owner) since \(RunIdentity.clock())\n\(HostInfo.processNamespace)\n"
                _ = ftruncate(descriptor, 0)
                _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) }
                _ = held.withLock { $0.insert(path) }
                return FileLock(descriptor: descriptor, path: path)
            }
            close(descriptor)
        }
    }

    /// Whether this process holds the lock.
    static func isHeldHere(_ path: String) -> Bool { held.withLock { $0.contains(path) } }

    /// How this process signs: `pid 4242 on workstation`.
    private static let owner = "pid \(getpid()) on \(HostInfo.name)"

    /// The holder of the lock.
    package static func holder(_ path: String) -> LockHolder {
        let text =
            (try? FileBytes.read(path, followsLinks: false)).map { String(decoding: $0.prefix(200), as: UTF8.self) }
            ?? ""
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return LockHolder(signature: lines[0], namespace: lines.count > 1 ? lines[1] : "", lock: path)
    }

    deinit {
        _ = Self.held.withLock { $0.remove(path) }
        unlink(path)
        close(descriptor)
    }
}

enum HostInfo {
    static let name: String = {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, 255) == 0 else { return "unknown" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }()

    /// Distinguishes containers with the same host name and process ids. Empty if the system does not tell.
    static let processNamespace = FileKind.linkTarget("/proc/self/ns/pid") ?? ""
}

/// Another process holds a lock that this one needs, and this one does not wait, or no longer.
struct LockNotObtained: Error, Sendable, CustomStringConvertible {
    /// The beginning of the sentence: "The stage `a` is", "The outputs of `a` are".
    let what: String
    /// What a run does with it: "being run", "being written".
    let verb: String
    let holder: String
    /// How long it waited, in seconds; nil for `--no-wait`.
    let waited: Double?
    /// Whether the run that took the lock has ended and a process that it started still holds it.
    let isOrphan: Bool

    var description: String {
        let head = "\(what) \(isOrphan ? "held" : verb) by \(holder)"
        guard let waited else { return "\(head), and this run does not wait (--no-wait)." }
        let remedy =
            isOrphan
            ? "Wait until it ends or end it, then run again; --wait sets how long a run waits."
            : "--wait sets how long a run waits."
        return "\(head). This run waited \(DurationText.limit(waited)). \(remedy)"
    }
}
