import Dispatch
import Synchronization

/// Threads for stages, which block and compute: never those of Swift's cooperative pool, which must stay free.
enum WorkThreads {
    private static let queue = DispatchQueue(label: "sentio.work", attributes: .concurrent)

    /// Runs work on a thread of its own and gives its result back to the caller's task.
    static func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: work()) }
        }
    }
}

/// Values from several threads.
final class Gathered<Element: Sendable>: Sendable {
    private let state = Mutex<[Element]>([])

    func add(_ value: Element) { state.withLock { $0.append(value) } }
    var values: [Element] { state.withLock { $0 } }
}
