import Dispatch
import Synchronization

/// Hands values from several threads to one that waits for them, in the order in which they were added.
final class Mailbox<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])
    private let count = DispatchSemaphore(value: 0)

    func add(_ element: Element) {
        elements.withLock { $0.append(element) }
        count.signal()
    }

    /// Blocks until there is one.
    func next() -> Element {
        count.wait()
        return elements.withLock { $0.removeFirst() }
    }
}
