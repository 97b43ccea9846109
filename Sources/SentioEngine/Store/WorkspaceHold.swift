import SentioBase
import SentioKit

/// A hold on the whole workspace: shared by all that run, exclusive for what removes. A `flock`, gone with its process.
final class WorkspaceHold {
    private let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    enum Kind { case shared, exclusive }

    /// Takes the hold if it is free.
    /// - returns: nil where another process has one that does not go with it.
    /// - throws: `BlobStoreError` where the file cannot be opened.
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

/// Something runs in the workspace, so nothing is removed from it.
public struct WorkspaceInUse: Error, Sendable, CustomStringConvertible {
    public let path: String
    public var description: String {
        "Something is running in the workspace \(path), so nothing is removed from it. Try again when it has finished."
    }
}

extension Workspace {
    private var holdPath: String { path + "/tmp/locks/workspace" }

    /// For as long as it runs; waits while another process removes. A workspace that cannot be locked is used all the
    /// same: writing will tell what is wrong with it.
    /// - parameter say: told that it waits, and what is wrong with a lock that can be.
    func holdForRun(_ isCancelled: () -> Bool, say: (String) -> Void) -> WorkspaceHold? {
        var isSaid = false
        while !isCancelled() {
            do {
                if let hold = try WorkspaceHold.attempt(.shared, holdPath) { return hold }
            } catch {
                if case BlobStoreError.misplaced = error {
                    say("\(error) Until then `artifacts gc` must not run beside a run.")
                }
                return nil
            }
            if !isSaid { say("Waiting for `artifacts gc`, which is clearing this workspace.") }
            isSaid = true
            usleep(50_000)
        }
        return nil
    }

    /// For as long as records and blobs are looked at: what `artifacts gc` removes meanwhile would look lost.
    func holdForReading() -> WorkspaceHold? { holdForRun({ false }, say: { _ in }) }

    /// - throws: `WorkspaceInUse`.
    func holdForRemoval() throws -> WorkspaceHold {
        guard let hold = try WorkspaceHold.attempt(.exclusive, holdPath) else { throw WorkspaceInUse(path: path) }
        return hold
    }
}
