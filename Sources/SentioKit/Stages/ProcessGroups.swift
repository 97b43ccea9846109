import SentioBase
import Synchronization

/// The process groups that stages have started and not yet collected, so that a second Ctrl-C can end them all.
public enum ProcessGroups {
    private static let running = Mutex<Set<Int32>>([])

    /// Notes a group that this process leads a child of. A group's number belongs to it until `remove`.
    public static func add(_ group: Int32) { running.withLock { _ = $0.insert(group) } }
    public static func remove(_ group: Int32) { running.withLock { _ = $0.remove(group) } }

    /// Kills them all, whatever they ignore.
    /// - returns: how many there were.
    @discardableResult
    public static func killAll() -> Int {
        running.withLock { groups in
            for group in groups { kill(-group, SIGKILL) }
            return groups.count
        }
    }
}
