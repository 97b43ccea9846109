import SentioBase
import SentioKit

/// A `flock` on the whole workspace, shared by everything that uses it and exclusive for removal. It is released when
/// the process ends.
final class WorkspaceHold {
    private let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    enum Kind { case shared, exclusive }

    /// Takes the hold if it is free.
    /// - Returns: nil if another process has one that excludes it.
    /// - Throws: `BlobStoreError` if the file cannot be opened.
    static func attempt(_ kind: Kind, _ path: String) throws -> WorkspaceHold? {
        guard let descriptor = try WorkspaceFile.open(path, O_RDWR | O_CREAT) else { return nil }
        if flock(descriptor, (kind == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 { return WorkspaceHold(descriptor) }
        let code = errno
        close(descriptor)
        if code == EWOULDBLOCK || code == EINTR { return nil }
        throw BlobStoreError.cannotWrite(path: path, reason: FileBytes.reason(code))
    }

    deinit { close(descriptor) }
}

/// The workspace is in use, so nothing can be removed from it.
public struct WorkspaceInUse: Error, Sendable, CustomStringConvertible {
    /// Path of the workspace.
    public let path: String
    public var description: String {
        "The workspace \(path) is in use, so nothing was removed. Try again when nothing runs in it."
    }
}

extension Workspace {
    private var holdPath: String { path + "/tmp/locks/workspace" }

    /// A hold for the duration of a run; waits while another process removes. nil if the workspace cannot be locked:
    /// the run goes ahead, and writing will show what is wrong.
    /// - Parameter say: receives a message when it waits, or when something else is in the place of the lock.
    func holdForRun(_ isCancelled: () -> Bool, say: (String) -> Void) -> WorkspaceHold? {
        var isSaid = false
        while !isCancelled() {
            do {
                if let hold = try WorkspaceHold.attempt(.shared, holdPath) { return hold }
            } catch {
                if case BlobStoreError.misplaced = error {
                    say("\(error) Until then, do not use `artifacts gc` during a run.")
                }
                return nil
            }
            if !isSaid { say("Waiting for `artifacts gc`, which is cleaning up this workspace.") }
            isSaid = true
            usleep(50_000)
        }
        return nil
    }

    /// A hold for reading records and blobs: what `artifacts gc` removed meanwhile would look lost.
    func holdForReading() -> WorkspaceHold? { holdForRun({ false }, say: { _ in }) }

    /// The exclusive hold.
    /// - Throws: `WorkspaceInUse`.
    func holdForRemoval() throws -> WorkspaceHold {
        guard let hold = try WorkspaceHold.attempt(.exclusive, holdPath) else { throw WorkspaceInUse(path: path) }
        return hold
    }
}
