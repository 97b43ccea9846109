import Dispatch

/// Parallel loops over independent iterations; the call returns when all are done. Which thread runs which iteration is
/// not deterministic, so results must depend on the index alone.
public enum Parallel {
    /// Calls the body for every index below `count` on up to `threads` threads.
    public static func forEach(_ count: Int, threads: Int, _ body: @Sendable (_ index: Int) -> Void) {
        forEachUnchecked(count, threads: threads) { index, _ in body(index) }
    }

    /// The same without checks by the compiler, for bodies whose calls write to disjoint memory.
    /// - Parameter body: receives the index and a `lane` below `threads`; concurrent calls have different lanes.
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
