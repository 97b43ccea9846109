/// A pool of histograms for nodes that may still be split, with bounded memory. If none is free, the node gets none,
/// and both of its children have to accumulate all their rows.
final class HistogramPool {
    /// Pairs in the histogram of one block: 256 slots x 16 columns.
    static let blockPairs = 256 * BinnedTable.lanes
    /// Maximum memory of the pool.
    static let bytes = 256 << 20

    let blocks: Int
    private let limit: Int
    private var made: [NumberBuffer<Int64>] = []
    private var free: [Int] = []

    init(blocks: Int) {
        self.blocks = blocks
        limit = HistogramPool.bytes / max(1, blocks * HistogramPool.blockPairs * MemoryLayout<Int64>.stride)
    }

    func take() -> Int? {
        if let slot = free.popLast() { return slot }
        guard made.count < limit else { return nil }
        made.append(NumberBuffer(blocks * HistogramPool.blockPairs))
        return made.count - 1
    }

    func giveBack(_ slot: Int?) {
        if let slot { free.append(slot) }
    }

    func block(_ block: Int, of slot: Int) -> UnsafeMutablePointer<Int64> {
        made[slot].start + block * HistogramPool.blockPairs
    }
}
