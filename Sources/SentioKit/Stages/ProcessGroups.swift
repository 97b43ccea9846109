import SentioBase
import Synchronization

/// The process groups that stages have started and not yet waited for, so that a second Ctrl-C can end them all.
public enum ProcessGroups {
    private static let running = Mutex<Set<Int32>>([])

    /// Registers the process group of a child. Its number cannot be reused until `remove`.
    public static func add(_ group: Int32) { running.withLock { _ = $0.insert(group) } }
    /// Forgets a group whose processes have ended.
    public static func remove(_ group: Int32) { running.withLock { _ = $0.remove(group) } }

    /// Ends them all with SIGKILL.
    /// - Returns: How many there were.
    @discardableResult
    public static func killAll() -> Int {
        running.withLock { groups in
            for group in groups { kill(-group, SIGKILL) }
            return groups.count
        }
    }
}
