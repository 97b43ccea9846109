import Dispatch
import Synchronization

/// Threads for work that blocks or computes: never those of Swift's cooperative pool, which must stay free.
enum WorkThreads {
    private static let queue = DispatchQueue(label: "sentio.work", attributes: .concurrent)

    /// Runs work on a thread of its own and gives its result back to the caller's task.
    static func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: work()) }
        }
    }

    /// Calls the body for every index, on up to `threads` threads; returns when all are done.
    static func forEach(count: Int, threads: Int, _ body: @escaping @Sendable (Int) -> Void) {
        perThread(min(threads, count)) { next in while let index = next(count) { body(index) } }
    }

    /// Runs a body once per thread; `next(count)` hands out indices below `count`, each once.
    static func perThread(_ threads: Int, _ body: @escaping @Sendable (_ next: (Int) -> Int?) -> Void) {
        let counter = Counter()
        let work: @Sendable (Int) -> Void = { _ in body { counter.next(below: $0) } }
        guard threads > 1 else { return work(0) }
        DispatchQueue.concurrentPerform(iterations: threads, execute: work)
    }

    private final class Counter: Sendable {
        private let value = Atomic<Int>(0)

        func next(below count: Int) -> Int? {
            let index = value.add(1, ordering: .relaxed).oldValue
            return index < count ? index : nil
        }
    }
}

/// Values from several threads.
final class Gathered<Element: Sendable>: Sendable {
    private let state = Mutex<[Element]>([])

    func add(_ value: Element) { state.withLock { $0.append(value) } }
    var values: [Element] { state.withLock { $0 } }
}
