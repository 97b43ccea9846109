import SentioBase

extension OpStep {
    /// Lanes that a number of parts are dealt to.
    func laneCount(_ parts: Int) -> Int { max(1, min(threads, parts)) }

    /// Works on parts 0..<count, dealt to as many lanes as there are threads: part `p` belongs to lane `p % lanes`,
    /// always, so what a lane sums up is the same in every run.
    func lanes(_ count: Int, _ body: (_ lane: Int, _ parts: StrideTo<Int>) -> Void) {
        let lanes = laneCount(count)
        // Lanes write to places of their own: that is what dealing out is for.
        Parallel.forEachUnchecked(lanes, threads: lanes) { lane, _ in
            body(lane, stride(from: lane, to: count, by: lanes))
        }
    }

    /// The same where parts have nothing to do with each other.
    func parts(_ count: Int, _ body: (_ part: Int) -> Void) {
        lanes(count) { _, parts in for part in parts { body(part) } }
    }

    /// Number `lane` of equal working memories, each of `count` floats.
    func scratch(_ lane: Int, count: Int) -> UnsafeMutablePointer<Float> { scratch + lane * MemoryPlan.padded(count) }
}
