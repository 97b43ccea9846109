import CLearnKernels
import SentioNumerics

/// The rows of a kernel matrix over one table, within a fixed amount of memory.
///
/// Where the whole matrix fits, it is computed at once (one matrix product) and kept. Otherwise rows are computed when
/// asked for, many at a time, because a product of matrices is ten times as fast as as many of matrix and vector; the
/// least recently used make room. Values are computed in double precision and kept in single, as LIBSVM does. Not safe
/// for use by several threads at once.
final class KernelRows {
    let count: Int
    /// k(i, i).
    let diagonal: [Double]

    private let table: Matrix
    private let kernel: SVMKernel
    private let norms: [Double]
    /// How many rows are kept; all where that is `count`.
    private let capacity: Int
    private let slots: UnsafeMutableBufferPointer<Float>
    private var slotOfRow: [Int]
    private var rowOfSlot: [Int]
    private var lastUse: [Int]
    /// Rows that were computed ahead and not asked for so far.
    private var isAhead: [Bool]
    private var blockRows = KernelRows.fewestRows
    private var clock = 0

    /// How many rows are computed at once: more while those computed ahead turn out to be wanted, fewer while not.
    private static let fewestRows = 16, mostRows = 128

    /// - parameter products: inner products of all rows with each other, where they are known.
    /// - parameter bytes: memory for rows; at least two rows are always kept.
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
        isAhead = [Bool](repeating: false, count: capacity)
        if isWhole { fill(rows: Array(0..<count), slots: Array(0..<count), products: products) }
    }

    deinit {
        slots.deallocate()
    }

    /// Whether the whole matrix of so many rows fits.
    static func fits(rows: Int, bytes: Int) -> Bool {
        let (elements, overflow) = rows.multipliedReportingOverflow(by: rows)
        return !overflow && elements <= bytes / MemoryLayout<Float>.stride
    }

    /// One row, valid until the next call that does not keep it.
    ///
    /// - parameter keeping: a row that must stay where it is.
    /// - parameter alike: so many rows that are likely to be wanted soon, computed along with this one.
    func row(_ row: Int, keeping other: Int? = nil, alike: (Int) -> [Int]) -> UnsafePointer<Float> {
        clock += 1
        if slotOfRow[row] < 0 { compute(row, keeping: other, alike: alike) }
        let slot = slotOfRow[row]
        lastUse[slot] = clock
        isAhead[slot] = false
        guard let base = slots.baseAddress else { preconditionFailure("A kernel row needs a table.") }
        return UnsafePointer(base + slot * count)
    }

    private func compute(_ row: Int, keeping other: Int?, alike: (Int) -> [Int]) {
        // An eighth of the cache at most, so that a block does not push out what is in use.
        let size = max(1, min(blockRows, capacity / 8))
        var rows = [row]
        if size > 1 {
            var chosen: Set<Int> = [row]
            for candidate in alike(size)
            where rows.count < size && slotOfRow[candidate] < 0 && chosen.insert(candidate).inserted {
                rows.append(candidate)
            }
        }
        let kept = other.map { slotOfRow[$0] } ?? -1
        let oldest = lastUse.indices.filter { $0 != kept }.sorted { (lastUse[$0], $0) < (lastUse[$1], $1) }.prefix(
            rows.count)
        let wasted = oldest.count { isAhead[$0] }
        blockRows = wasted > rows.count / 2 ? max(Self.fewestRows, blockRows / 2) : min(Self.mostRows, blockRows * 2)
        for (row, slot) in zip(rows, oldest) {
            if rowOfSlot[slot] >= 0 { slotOfRow[rowOfSlot[slot]] = -1 }
            rowOfSlot[slot] = row
            slotOfRow[row] = slot
            lastUse[slot] = clock
            isAhead[slot] = true
        }
        fill(rows: rows, slots: Array(oldest), products: nil)
    }

    /// Computes rows into slots, in blocks of bounded memory.
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
