import Dispatch
import Synchronization

/// Independent pieces of one computation, on several threads. Which thread does which piece changes no result.
enum Lanes {
    /// Calls the body for 0..<count; returns when all are done. `lane` is below `threads`, and no two calls that run at the
    /// same time have the same.
    static func forEach(_ count: Int, threads: Int, _ body: (_ index: Int, _ lane: Int) -> Void) {
        guard threads > 1, count > 1 else {
            for index in 0..<count { body(index, 0) }
            return
        }
        let next = Counter()
        withoutActuallyEscaping(body) { body in
            // The pieces write to disjoint memory, and all end before this returns.
            nonisolated(unsafe) let body = body
            DispatchQueue.concurrentPerform(iterations: min(threads, count)) { lane in
                while true {
                    let index = next.take()
                    guard index < count else { return }
                    body(index, lane)
                }
            }
        }
    }

    /// Parts of 0..<count of this many elements, wherever threads are: sums a part are the same for every thread count.
    static let part = 8192

    static func forEachPart(_ count: Int, threads: Int, _ body: (_ part: Int, _ range: Range<Int>) -> Void) {
        forEach((count + part - 1) / part, threads: threads) { index, _ in
            body(index, index * part..<min(count, (index + 1) * part))
        }
    }

    private final class Counter: Sendable {
        private let value = Atomic<Int>(0)

        func take() -> Int { value.add(1, ordering: .relaxed).oldValue }
    }
}
