import SentioKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A hold on the whole workspace: shared by all that run, exclusive for what removes. A `flock`, gone with its process.
final class WorkspaceHold {
    private let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    enum Kind { case shared, exclusive }

    /// Takes the hold if it is free.
    /// - returns: nil where another process has one that does not go with it.
    /// - throws: `BlobStoreError` where the file cannot be opened.
    static func attempt(_ kind: Kind, _ path: String) throws -> WorkspaceHold? {
        var descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        if descriptor < 0, errno == ENOENT {
            try Files.makeDirectory(Paths.directory(of: path))
            descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        }
        guard descriptor >= 0 else { throw BlobStoreError.cannotWrite(path: path, reason: FileBytes.systemReason()) }
        if flock(descriptor, (kind == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 { return WorkspaceHold(descriptor) }
        close(descriptor)
        return nil
    }

    deinit { close(descriptor) }
}

/// Something runs in the workspace, so nothing is removed from it.
public struct WorkspaceInUse: Error, Sendable, CustomStringConvertible {
    public let path: String
    public var description: String {
        "Something is running in the workspace \(path), so nothing is removed from it. Try again when it has finished."
    }
}

extension Workspace {
    private var holdPath: String { path + "/tmp/locks/workspace" }

    /// For as long as it runs; waits while another process removes. A workspace that cannot be locked is used all the same:
    /// writing will tell what is wrong with it.
    func holdForRun(_ isCancelled: () -> Bool, onWait: () -> Void) -> WorkspaceHold? {
        var isSaid = false
        while !isCancelled() {
            do {
                if let hold = try WorkspaceHold.attempt(.shared, holdPath) { return hold }
            } catch { return nil }
            if !isSaid { onWait() }
            isSaid = true
            usleep(50_000)
        }
        return nil
    }

    /// - throws: `WorkspaceInUse`.
    func holdForRemoval() throws -> WorkspaceHold {
        guard let hold = try WorkspaceHold.attempt(.exclusive, holdPath) else { throw WorkspaceInUse(path: path) }
        return hold
    }
}
