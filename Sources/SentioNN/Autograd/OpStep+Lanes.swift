import SentioBase

extension OpStep {
    /// The number of lanes for this many parts.
    func laneCount(_ parts: Int) -> Int { max(1, min(threads, parts)) }

    /// Works on parts 0..<count, divided among as many lanes as there are threads. Part `p` always belongs to lane
    /// `p % lanes`, so that each lane's sums are the same in every run.
    func lanes(_ count: Int, _ body: (_ lane: Int, _ parts: StrideTo<Int>) -> Void) {
        let lanes = laneCount(count)
        // Each lane writes only to memory of its own.
        Parallel.forEachUnchecked(lanes, threads: lanes) { lane, _ in
            body(lane, stride(from: lane, to: count, by: lanes))
        }
    }

    /// The same for parts that are independent of each other.
    func parts(_ count: Int, _ body: (_ part: Int) -> Void) {
        lanes(count) { _, parts in for part in parts { body(part) } }
    }

    /// A lane's working memory of `count` floats.
    func scratch(_ lane: Int, count: Int) -> UnsafeMutablePointer<Float> { scratch + lane * MemoryPlan.padded(count) }
}
