import Dispatch
import Synchronization

/// Threads for runs and stages, which block and compute and so must not occupy Swift's cooperative thread pool.
enum WorkThreads {
    /// Starts work on its own thread.
    static func start(_ work: @escaping @Sendable () -> Void) {
        // A new serial queue gets a thread at once. A concurrent queue has a thread per core and gets more only after a
        // second, even if all of them are blocked.
        DispatchQueue(label: "sentio.work").async(execute: work)
    }

    /// Runs work on its own thread and returns the result to the caller's task.
    static func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in start { continuation.resume(returning: work()) } }
    }
}

/// Collects values from several threads.
final class Gathered<Element: Sendable>: Sendable {
    private let state = Mutex<[Element]>([])

    func add(_ value: Element) { state.withLock { $0.append(value) } }
    var values: [Element] { state.withLock { $0 } }
}
