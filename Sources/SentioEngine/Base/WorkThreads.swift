import Dispatch
import Synchronization

/// Threads for runs and stages, which block and compute: never those of Swift's cooperative pool, which must stay free.
enum WorkThreads {
    /// Starts work on a thread of its own.
    static func start(_ work: @escaping @Sendable () -> Void) {
        // A serial queue gets a thread at once. A concurrent one has a thread for each core and gets more only after a
        // second, even if all of them are blocked.
        DispatchQueue(label: "sentio.work").async(execute: work)
    }

    /// Runs work on a thread of its own and hands its result to the caller's task.
    static func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in start { continuation.resume(returning: work()) } }
    }
}

/// Values from several threads.
final class Gathered<Element: Sendable>: Sendable {
    private let state = Mutex<[Element]>([])

    func add(_ value: Element) { state.withLock { $0.append(value) } }
    var values: [Element] { state.withLock { $0 } }
}
