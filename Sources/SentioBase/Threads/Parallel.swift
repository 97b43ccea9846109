import Dispatch

/// Independent pieces of one computation on several threads, all done when the call returns. Which thread does which
/// piece is nobody's business: a result that must be the same every time depends on the index alone.
public enum Parallel {
    /// Calls the body for every index below `count`, on up to `threads` threads.
    public static func forEach(_ count: Int, threads: Int, _ body: @Sendable (_ index: Int) -> Void) {
        forEachUnchecked(count, threads: threads) { index, _ in body(index) }
    }

    /// The same for a body that the compiler cannot check: its calls write to disjoint memory.
    /// - parameter body: `lane` is below `threads`, and no two calls that run at the same time have the same.
    public static func forEachUnchecked(_ count: Int, threads: Int, _ body: (_ index: Int, _ lane: Int) -> Void) {
        guard threads > 1, count > 1 else {
            for index in 0..<max(0, count) { body(index, 0) }
            return
        }
        let queue = IndexQueue(count)
        withoutActuallyEscaping(body) { body in
            // All calls end before this returns.
            nonisolated(unsafe) let body = body
            DispatchQueue.concurrentPerform(iterations: min(threads, count)) { lane in
                while let index = queue.next() { body(index, lane) }
            }
        }
    }
}
