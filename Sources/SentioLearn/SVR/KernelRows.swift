import SentioNumerics

/// The rows of a kernel matrix over one table, within a fixed amount of memory.
///
/// Where the whole matrix fits, it is computed at once (one matrix product) and kept; otherwise rows are computed when
/// asked for, and the least recently used make room. Not safe for use by several threads at once.
final class KernelRows {
    let count: Int
    /// k(i, i).
    let diagonal: [Double]
    /// Rows computed so far; with a small cache a row may count more than once.
    private(set) var computed = 0

    private let table: Matrix
    private let kernel: SVMKernel
    private let norms: [Double]
    private let whole: Matrix?
    private let capacity: Int
    private var slots: UnsafeMutableBufferPointer<Double>
    private var slotOfRow: [Int]
    private var rowOfSlot: [Int]
    private var lastUse: [Int]
    private var clock = 0

    /// - Parameter bytes: memory for rows; at least two rows are always kept.
    init(table: Matrix, kernel: SVMKernel, bytes: Int) {
        count = table.rows
        self.table = table
        self.kernel = kernel
        norms = SVMKernel.squaredNorms(table)
        let rowBytes = max(1, count) * MemoryLayout<Double>.stride
        let fitting = max(2, bytes / rowBytes)
        if fitting >= count {
            let matrix = kernel.matrix(table, table)
            whole = matrix
            diagonal = (0..<matrix.rows).map { matrix[$0, $0] }
            capacity = 0
            computed = count
        } else {
            whole = nil
            diagonal = norms.map { norm in
                var product = [norm]
                product.withUnsafeMutableBufferPointer { kernel.apply(to: $0, norm: norm, norms: [norm]) }
                return product[0]
            }
            capacity = fitting
        }
        slots = UnsafeMutableBufferPointer.allocate(capacity: capacity * count)
        slotOfRow = [Int](repeating: -1, count: count)
        rowOfSlot = [Int](repeating: -1, count: capacity)
        lastUse = [Int](repeating: 0, count: capacity)
    }

    deinit {
        slots.deallocate()
    }

    /// Gives two rows at once, valid during the call only.
    func withRows<Result>(
        _ first: Int, _ second: Int,
        _ body: (UnsafePointer<Double>, UnsafePointer<Double>) throws -> Result
    ) rethrows -> Result {
        if let whole {
            return try whole.withUnsafeValues { values in
                guard let base = values.baseAddress else { preconditionFailure("A kernel row needs a table.") }
                return try body(base + first * count, base + second * count)
            }
        }
        // The first is now the most recently used of at least two slots, so the second cannot displace it.
        let firstSlot = slot(for: first)
        let secondSlot = slot(for: second)
        guard let base = slots.baseAddress else { preconditionFailure("A kernel cache holds at least two rows.") }
        return try body(base + firstSlot * count, base + secondSlot * count)
    }

    private func slot(for row: Int) -> Int {
        clock += 1
        if slotOfRow[row] >= 0 {
            lastUse[slotOfRow[row]] = clock
            return slotOfRow[row]
        }
        let slot = lastUse.indices.min { lastUse[$0] < lastUse[$1] } ?? 0
        if rowOfSlot[slot] >= 0 { slotOfRow[rowOfSlot[slot]] = -1 }
        rowOfSlot[slot] = row
        slotOfRow[row] = slot
        lastUse[slot] = clock
        computed += 1
        let products = table.selecting(rows: [row]).times(table, transposeOther: true)
        let target = UnsafeMutableBufferPointer(rebasing: slots[slot * count..<(slot + 1) * count])
        _ = target.update(from: products.values)
        kernel.apply(to: target, norm: norms[row], norms: norms)
        return slot
    }

    /// Sum over j of weights[j] k(row, j) for these rows, in blocks of bounded memory.
    func weightedSums(rows: [Int], weights: [Double]) -> [Double] {
        let used = weights.indices.filter { weights[$0] != 0 }
        guard !used.isEmpty else { return [Double](repeating: 0, count: rows.count) }
        if let whole {
            return rows.map { row in used.reduce(0) { $0 + weights[$1] * whole[row, $1] } }
        }
        let support = table.selecting(rows: used)
        let usedWeights = Matrix(column: used.map { weights[$0] })
        var sums: [Double] = []
        for start in stride(from: 0, to: rows.count, by: 256) {
            let block = table.selecting(rows: Array(rows[start..<min(start + 256, rows.count)]))
            sums += kernel.matrix(block, support).times(usedWeights).values
        }
        return sums
    }
}
