import SentioKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// An exclusive `flock` on a file. It dies with the process; the file says who holds it.
final class FileLock {
    private let descriptor: Int32
    private let path: String

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Takes the lock if it is free.
    /// - returns: nil where another process holds it.
    static func attempt(_ path: String) throws -> FileLock? {
        while true {
            // Inherited by what the stage starts, on purpose: a command that outlives a killed run still holds its stage.
            var descriptor = open(path, O_RDWR | O_CREAT, 0o644)
            if descriptor < 0, errno == ENOENT {
                try Files.makeDirectory(Paths.directory(of: path))
                descriptor = open(path, O_RDWR | O_CREAT, 0o644)
            }
            guard descriptor >= 0 else { throw BlobStoreError.cannotWrite(path: path, reason: FileBytes.systemReason()) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let code = errno
                close(descriptor)
                if code == EWOULDBLOCK || code == EINTR { return nil }
                throw BlobStoreError.cannotWrite(path: path, reason: FileBytes.reason(code))
            }
            // Whoever held it before may have removed the file between our open and our lock: then it locks nothing.
            var ours = stat(), theirs = stat()
            if fstat(descriptor, &ours) == 0, stat(path, &theirs) == 0, ours.st_ino == theirs.st_ino {
                let text = "\(owner) since \(RunIdentity.clock())\n"
                _ = ftruncate(descriptor, 0)
                _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) }
                return FileLock(descriptor: descriptor, path: path)
            }
            close(descriptor)
        }
    }

    /// How this process signs: `pid 4242 on workstation`, with a space after it in the file.
    static let owner = "pid \(getpid()) on \(HostInfo.name)"

    /// Who holds the lock: `pid 4242 on workstation since 2026-11-23 03:15:22 UTC`.
    static func holder(_ path: String) -> String {
        let text = (try? FileBytes.read(path)).map { String(decoding: $0.prefix(200), as: UTF8.self) } ?? ""
        let line = text.prefix { $0 != "\n" }
        return line.isEmpty ? "another process" : String(line)
    }

    deinit {
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
}

/// `--no-wait` was given and another process holds what this one needs.
public struct LockNotObtained: Error, Sendable, CustomStringConvertible {
    public let stage: String
    public let holder: String
    public var description: String { "The stage `\(stage)` is being run by \(holder), and --no-wait says not to wait for it." }
}
