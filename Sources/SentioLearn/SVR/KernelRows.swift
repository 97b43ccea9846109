import SentioNumerics

/// The rows of a kernel matrix over one table, within a fixed amount of memory.
///
/// Where the whole matrix fits, it is computed at once (one matrix product) and kept. Otherwise rows are computed when
/// asked for, many at a time, because a product of matrices is ten times as fast as as many of matrix and vector; the
/// least recently used make room. Not safe for use by several threads at once.
final class KernelRows {
    let count: Int
    /// k(i, i).
    let diagonal: [Double]

    private let table: Matrix
    private let kernel: SVMKernel
    private let norms: [Double]
    /// How many rows are kept; all where that is `count`.
    private let capacity: Int
    private let slots: UnsafeMutableBufferPointer<Double>
    private var slotOfRow: [Int]
    private var rowOfSlot: [Int]
    private var lastUse: [Int]
    private var clock = 0

    /// Rows computed at once, where the cache has room for several such blocks.
    private static let blockRows = 64

    /// - parameter products: inner products of all rows with each other, where they are known.
    /// - parameter bytes: memory for rows; at least two rows are always kept.
    init(table: Matrix, kernel: SVMKernel, bytes: Int, products: Matrix? = nil) {
        count = table.rows
        self.table = table
        self.kernel = kernel
        norms = SVMKernel.squaredNorms(table)
        let rowBytes = max(1, count) * MemoryLayout<Double>.stride
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
        if isWhole { fill(rows: Array(0..<count), slots: Array(0..<count), products: products) }
    }

    deinit {
        slots.deallocate()
    }

    /// Whether the whole matrix of so many rows fits.
    static func fits(rows: Int, bytes: Int) -> Bool {
        let (elements, overflow) = rows.multipliedReportingOverflow(by: rows)
        return !overflow && elements <= bytes / MemoryLayout<Double>.stride
    }

    /// One row, valid until the next call that does not keep it.
    ///
    /// - parameter keeping: a row that must stay where it is.
    /// - parameter alike: so many rows that are likely to be wanted soon, computed along with this one.
    func row(_ row: Int, keeping other: Int? = nil, alike: (Int) -> [Int]) -> UnsafePointer<Double> {
        clock += 1
        if slotOfRow[row] < 0 { compute(row, keeping: other, alike: alike) }
        let slot = slotOfRow[row]
        lastUse[slot] = clock
        guard let base = slots.baseAddress else { preconditionFailure("A kernel row needs a table.") }
        return UnsafePointer(base + slot * count)
    }

    private func compute(_ row: Int, keeping other: Int?, alike: (Int) -> [Int]) {
        // A quarter of the cache at most, so that a block does not push out what is in use.
        let size = max(1, min(Self.blockRows, capacity / 4))
        var rows = [row]
        if size > 1 {
            var chosen: Set<Int> = [row]
            for candidate in alike(size) where rows.count < size && slotOfRow[candidate] < 0 && chosen.insert(candidate).inserted {
                rows.append(candidate)
            }
        }
        let kept = other.map { slotOfRow[$0] } ?? -1
        let oldest = lastUse.indices.filter { $0 != kept }.sorted { (lastUse[$0], $0) < (lastUse[$1], $1) }.prefix(rows.count)
        for (row, slot) in zip(rows, oldest) {
            if rowOfSlot[slot] >= 0 { slotOfRow[rowOfSlot[slot]] = -1 }
            rowOfSlot[slot] = row
            slotOfRow[row] = slot
            lastUse[slot] = clock
        }
        fill(rows: rows, slots: Array(oldest), products: nil)
    }

    /// Computes rows into slots, in blocks of bounded memory.
    private func fill(rows: [Int], slots targets: [Int], products: Matrix?) {
        let block = 512
        for start in stride(from: 0, to: rows.count, by: block) {
            let part = Array(rows[start..<min(start + block, rows.count)])
            let inner = products == nil ? table.selecting(rows: part).times(table, transposeOther: true) : nil
            for (place, row) in part.enumerated() {
                let slot = targets[start + place]
                let target = UnsafeMutableBufferPointer(rebasing: slots[slot * count..<(slot + 1) * count])
                _ = target.update(from: inner?.row(place) ?? products?.row(row) ?? [])
                kernel.apply(to: target, norm: norms[row], norms: norms)
            }
        }
    }
}
