import SentioBase
import SentioKit
import Synchronization

/// An exclusive `flock` on a file of the workspace. It dies with the process; the file says who holds it.
package final class FileLock {
    private let descriptor: Int32
    private let path: String
    /// What this process holds. The text in the file would not tell: a process elsewhere may have the same number and
    /// host name.
    private static let held = Mutex<Set<String>>([])

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Takes the lock if it is free.
    /// - returns: nil where another process holds it.
    package static func attempt(_ path: String) throws -> FileLock? {
        while true {
            // Inherited by what the stage starts, on purpose: a command that outlives a killed run still holds its
            // stage.
            guard let descriptor = try WorkspaceFile.open(path, O_RDWR | O_CREAT, isInherited: true) else { continue }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let code = errno
                close(descriptor)
                if code == EWOULDBLOCK || code == EINTR { return nil }
                throw BlobStoreError.cannotWrite(path: path, reason: FileBytes.reason(code))
            }
            // Whoever held it before may have removed the file between our open and our lock: then it locks nothing.
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

    /// Whether this very process holds the lock.
    static func isHeldHere(_ path: String) -> Bool { held.withLock { $0.contains(path) } }

    /// How this process signs: `pid 4242 on workstation`, with a space after it in the file.
    private static let owner = "pid \(getpid()) on \(HostInfo.name)"

    /// Who holds the lock.
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

    /// Two containers may share a host name and process numbers; this tells them apart. Empty where the system does not
    /// say.
    static let processNamespace = FileKind.linkTarget("/proc/self/ns/pid") ?? ""
}

/// Another process holds what this one needs, and it was not to wait, or not any longer.
public struct LockNotObtained: Error, Sendable, CustomStringConvertible {
    /// What is held, with a verb: "The stage `a` is", "The outputs of `a` are".
    let what: String
    /// What the holder does with it where it is a run: being run, being written.
    let verb: String
    public let holder: String
    /// How long it waited, in seconds; nil for `--no-wait`.
    public let waited: Double?
    /// Whether the run that took it is gone, and what it started lives on.
    public let isOrphan: Bool

    public var description: String {
        let head = "\(what) \(isOrphan ? "held" : verb) by \(holder)"
        guard let waited else { return "\(head), and --no-wait says not to wait for it." }
        let cure =
            isOrphan
            ? "Wait for its end or end it, then run again; --wait says how long a run waits."
            : "--wait says how long a run waits."
        return "\(head). This run waited \(DurationText.limit(waited)) for it. \(cure)"
    }
}
