import CLearnKernels
import SentioBase
import SentioNumerics

/// A table as bin codes, in blocks of 16 columns: the code of (row, lane) in block b is `codes[b * blockStride + row *
/// 16 + lane]`. Shared by all targets and all trees.
final class BinnedTable {
    static let lanes = Int(TREE_LANES)

    let rows: Int
    let columns: [BinCuts]
    let codes: NumberBuffer<UInt8>

    var blockStride: Int { rows * BinnedTable.lanes }
    var blocks: Int { BinnedTable.blocks(columns.count) }

    static func blocks(_ columns: Int) -> Int { (columns + lanes - 1) / lanes }

    /// The code of missing values in a column; -1 if none is missing.
    func missingCode(_ column: Int) -> Int32 { columns[column].hasMissing ? Int32(TREE_MISSING) : -1 }

    /// Computes the bins of every column and the code of every value. Independent of `threads` and the order of rows.
    convenience init(_ table: Matrix, maxBins: Int, threads: Int) {
        self.init(table, threads: threads) { _, values, sorted, spare in
            var present = 0
            for value in values where !value.isNaN {
                sorted[present] = value
                present += 1
            }
            tree_sort(sorted, spare, Int64(present))
            return BinCuts(
                sorted: UnsafeBufferPointer(start: sorted, count: present), hasMissing: present < values.count,
                maxBins: maxBins)
        }
    }

    /// Codes of other rows by the bins of a training table. A missing value in a column without missing training values
    /// gets the last bin and goes right, the default direction of splits on such columns.
    convenience init(_ table: Matrix, like other: BinnedTable, threads: Int) {
        self.init(table, threads: threads) { column, _, _, _ in other.columns[column] }
    }

    private init(
        _ table: Matrix, threads: Int,
        cuts: (
            _ column: Int, _ values: UnsafeBufferPointer<Float>, _ sorted: UnsafeMutablePointer<Float>,
            _ spare: UnsafeMutablePointer<Float>
        ) -> BinCuts
    ) {
        let lanes = BinnedTable.lanes, rows = table.rows, width = table.columns, blocks = BinnedTable.blocks(width)
        let codes = NumberBuffer<UInt8>(blocks * rows * lanes, zeroed: width % lanes != 0)
        let scratch = (0..<max(1, min(threads, blocks))).map { _ in NumberBuffer<Float>(rows * (lanes + 2)) }
        var found = [BinCuts?](repeating: nil, count: width)
        found.withUnsafeMutableBufferPointer { found in
            table.withUnsafeValues { source in
                Parallel.forEachUnchecked(blocks, threads: scratch.count) { block, lane in
                    let values = scratch[lane].start, sorted = values + rows * lanes, spare = sorted + rows
                    let first = block * lanes, count = min(lanes, width - first)
                    for row in 0..<rows {
                        for lane in 0..<count { values[lane * rows + row] = Float(source[row * width + first + lane]) }
                    }
                    for lane in 0..<count {
                        let column = UnsafeBufferPointer(start: values + lane * rows, count: rows)
                        let own = cuts(first + lane, column, sorted, spare)
                        found[first + lane] = own
                        let padded = own.cuts + [Float](repeating: .infinity, count: 256 - own.cuts.count)
                        tree_assign_bins(
                            values + lane * rows, Int64(rows), padded,
                            own.hasMissing ? UInt8(TREE_MISSING) : UInt8(own.cuts.count),
                            codes.start + block * rows * lanes + lane)
                    }
                }
            }
        }
        self.rows = rows
        self.columns = found.compactMap { $0 }
        self.codes = codes
    }
}
