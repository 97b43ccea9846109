import CLearnKernels
import SentioBase

/// The bin codes that a tree is grown on: the shared table, or a packed copy of the sampled rows and columns, so that
/// histograms skip the other columns.
final class TreeTable {
    let source: BinnedTable
    private(set) var codes: UnsafePointer<UInt8>
    private(set) var blockStride: Int
    /// The columns of the source by position in this table.
    private(set) var columns: [Int32]
    private var packed: NumberBuffer<UInt8>?

    init(_ source: BinnedTable) {
        self.source = source
        codes = UnsafePointer(source.codes.start)
        blockStride = source.blockStride
        columns = (0..<Int32(source.columns.count)).map { $0 }
    }

    var blocks: Int { BinnedTable.blocks(columns.count) }

    /// The code of row 0 at a position; that of the next row is 16 bytes further.
    func codes(of position: Int) -> UnsafePointer<UInt8> {
        codes + (position / BinnedTable.lanes) * blockStride + position % BinnedTable.lanes
    }

    /// The codes of row 0 in a block.
    func codes(ofBlock block: Int) -> UnsafePointer<UInt8> { codes + block * blockStride }

    /// Selects columns and rows for the next tree. Returns whether they were packed: then row i is `rows[i]` of the
    /// source.
    func select(columns drawn: [Int32], rows: UnsafePointer<UInt32>, count: Int, threads: Int) -> Bool {
        columns = drawn
        guard drawn.count < source.columns.count else {
            codes = UnsafePointer(source.codes.start)
            blockStride = source.blockStride
            return false
        }
        let lanes = BinnedTable.lanes
        let needed = blocks * count * lanes
        let target: NumberBuffer<UInt8>
        if let packed, packed.count >= needed { target = packed } else { target = NumberBuffer(needed) }
        packed = target
        codes = UnsafePointer(target.start)
        blockStride = count * lanes
        let stride = blockStride
        drawn.withUnsafeBufferPointer { drawn in
            Parallel.forEachUnchecked(blocks, threads: threads) { block, _ in
                guard let base = drawn.baseAddress else { return }
                tree_pack_block(
                    source.codes.start, Int64(source.blockStride), rows, Int64(count), base + block * lanes,
                    Int64(min(lanes, drawn.count - block * lanes)), target.start + block * stride)
            }
        }
        return true
    }
}
