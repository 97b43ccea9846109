import CLearnKernels
import SentioNumerics

/// A cache of the rows of a kernel matrix over one table, with bounded memory.
///
/// If the whole matrix fits, it is computed at once (one matrix product) and kept. Otherwise rows are computed on
/// demand and the least recently used are evicted. They are computed in blocks, because a matrix product is ten times
/// as fast as the same number of matrix-vector products. Values are computed in double precision and stored in single,
/// as in LIBSVM. Not thread-safe.
final class KernelRows {
    let count: Int
    /// k(i, i) of each row i.
    let diagonal: [Double]

    private let table: Matrix
    private let kernel: SVMKernel
    private let norms: [Double]
    /// How many rows fit; the whole matrix if that is `count`.
    private let capacity: Int
    private let slots: UnsafeMutableBufferPointer<Float>
    private var slotOfRow: [Int]
    private var rowOfSlot: [Int]
    private var lastUse: [Int]
    /// For each slot, whether its row was prefetched and has not been used yet.
    private var isUnused: [Bool]
    private var blockRows = KernelRows.fewestRows
    private var clock = 0

    /// Bounds of the block size, which grows while prefetched rows are used and shrinks while they are not.
    private static let fewestRows = 16, mostRows = 128

    /// - Parameters:
    ///   - bytes: memory for rows; at least two rows are always kept.
    ///   - products: inner products of all rows with each other, if known.
    init(table: Matrix, kernel: SVMKernel, bytes: Int, products: Matrix? = nil) {
        count = table.rows
        self.table = table
        self.kernel = kernel
        norms = SVMKernel.squaredNorms(table)
        let rowBytes = max(1, count) * MemoryLayout<Float>.stride
        capacity = min(count, max(2, bytes / rowBytes))
        slots = UnsafeMutableBufferPointer.allocate(capacity: capacity * count)
        slots.initialize(repeating: 0)
        diagonal = norms.map { norm in
            var product = [norm]
            product.withUnsafeMutableBufferPointer { kernel.apply(to: $0, norm: norm, norms: [norm]) }
            return product[0]
        }
        let isWhole = capacity == count
        slotOfRow = isWhole ? Array(0..<count) : [Int](repeating: -1, count: count)
        rowOfSlot = isWhole ? Array(0..<count) : [Int](repeating: -1, count: capacity)
        lastUse = [Int](repeating: 0, count: capacity)
        isUnused = [Bool](repeating: false, count: capacity)
        if isWhole { fill(rows: Array(0..<count), slots: Array(0..<count), products: products) }
    }

    deinit {
        slots.deallocate()
    }

    /// Whether the whole kernel matrix of that many rows fits.
    static func fits(rows: Int, bytes: Int) -> Bool {
        let (elements, overflow) = rows.multipliedReportingOverflow(by: rows)
        return !overflow && elements <= bytes / MemoryLayout<Float>.stride
    }

    /// One row. The pointer is valid until the next call, or as long as further calls keep the row.
    ///
    /// - Parameters:
    ///   - other: a row that must not be evicted.
    ///   - prefetch: returns that many rows that are likely to be needed soon, to be computed in the same block.
    func row(_ row: Int, keeping other: Int? = nil, prefetch: (Int) -> [Int]) -> UnsafePointer<Float> {
        clock += 1
        if slotOfRow[row] < 0 { compute(row, keeping: other, prefetch: prefetch) }
        let slot = slotOfRow[row]
        lastUse[slot] = clock
        isUnused[slot] = false
        guard let base = slots.baseAddress else { preconditionFailure("A kernel row needs a table.") }
        return UnsafePointer(base + slot * count)
    }

    private func compute(_ row: Int, keeping other: Int?, prefetch: (Int) -> [Int]) {
        // An eighth of the cache at most, so that a block does not evict rows in use.
        let size = max(1, min(blockRows, capacity / 8))
        var rows = [row]
        if size > 1 {
            var chosen: Set<Int> = [row]
            for candidate in prefetch(size)
            where rows.count < size && slotOfRow[candidate] < 0 && chosen.insert(candidate).inserted {
                rows.append(candidate)
            }
        }
        let kept = other.map { slotOfRow[$0] } ?? -1
        let oldest = lastUse.indices.filter { $0 != kept }.sorted { (lastUse[$0], $0) < (lastUse[$1], $1) }.prefix(
            rows.count)
        let wasted = oldest.count { isUnused[$0] }
        blockRows = wasted > rows.count / 2 ? max(Self.fewestRows, blockRows / 2) : min(Self.mostRows, blockRows * 2)
        for (row, slot) in zip(rows, oldest) {
            if rowOfSlot[slot] >= 0 { slotOfRow[rowOfSlot[slot]] = -1 }
            rowOfSlot[slot] = row
            slotOfRow[row] = slot
            lastUse[slot] = clock
            isUnused[slot] = true
        }
        fill(rows: rows, slots: Array(oldest), products: nil)
    }

    /// Computes rows into slots, in blocks to bound the memory.
    private func fill(rows: [Int], slots targets: [Int], products: Matrix?) {
        let block = 512
        var values = [Double](repeating: 0, count: count)
        for start in stride(from: 0, to: rows.count, by: block) {
            let part = Array(rows[start..<min(start + block, rows.count)])
            let inner = products == nil ? table.selecting(rows: part).times(table, transposeOther: true) : nil
            for (place, row) in part.enumerated() {
                let target = slots.baseAddress.map { $0 + targets[start + place] * count }
                values.withUnsafeMutableBufferPointer { values in
                    _ = values.update(from: inner?.row(place) ?? products?.row(row) ?? [])
                    kernel.apply(to: values, norm: norms[row], norms: norms)
                    svm_narrow(values.baseAddress, target, Int64(count))
                }
            }
        }
    }
}
