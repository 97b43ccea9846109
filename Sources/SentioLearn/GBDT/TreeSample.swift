import SentioNumerics

/// The rows and columns sampled for one tree. A sample depends only on (seed, target, round) and its place in the tree,
/// not on threads or the order of work.
struct TreeSample {
    private enum Purpose: UInt64 {
        case rows, columns, level, node
    }

    let options: GBDT
    let target: Int
    let round: Int

    private func generator(_ purpose: Purpose, level: Int = 0) -> Philox {
        Philox(
            key: options.seed,
            stream: UInt64(target) << 44 | UInt64(round) << 20 | UInt64(min(level, 0x3FFFF)) << 2 | purpose.rawValue)
    }

    /// Writes the sampled rows to `rows` and the others to `rest`, both ascending. Returns the number of sampled rows.
    func drawRows(of total: Int, into rows: UnsafeMutablePointer<UInt32>, rest: UnsafeMutablePointer<UInt32>) -> Int {
        guard options.subsample < 1 else {
            for row in 0..<total { rows[row] = UInt32(row) }
            return total
        }
        let wanted = max(1, Int((Double(total) * options.subsample).rounded()))
        var generator = generator(.rows)
        var drawn = 0
        // Selection sampling (Knuth's algorithm S): every subset of `wanted` rows is equally likely.
        for row in 0..<total {
            let word = UInt64(generator.nextUInt32())
            let isDrawn = word * UInt64(total - row) < UInt64(wanted - drawn) << 32
            rows[drawn] = UInt32(row)
            rest[row - drawn] = UInt32(row)
            drawn += isDrawn ? 1 : 0
        }
        return drawn
    }

    /// The sampled columns, ascending.
    func drawColumns(of total: Int) -> [Int32] {
        var generator = generator(.columns)
        return TreeSample.draw(Array(0..<Int32(total)), options.columnSampleByTree, &generator)
    }

    /// The columns that a node may split on, as positions among those of the tree; nil for all. `path` is
    /// `GrowingNode.path`.
    func drawPositions(of total: Int, depth: Int, path: UInt64) -> [Int32]? {
        guard options.columnSampleByLevel < 1 || options.columnSampleByNode < 1 else { return nil }
        var generator = generator(.level, level: depth)
        let level = TreeSample.draw(Array(0..<Int32(total)), options.columnSampleByLevel, &generator)
        guard options.columnSampleByNode < 1 else { return level }
        var tree = self.generator(.node)
        var node = Philox(key: tree.next(), stream: path)
        return TreeSample.draw(level, options.columnSampleByNode, &node)
    }

    /// As many columns as XGBoost samples: the fraction rounded down, but at least one.
    private static func draw(_ columns: [Int32], _ fraction: Double, _ generator: inout Philox) -> [Int32] {
        guard fraction < 1 else { return columns }
        let wanted = max(1, Int(Double(columns.count) * fraction))
        var drawn: [Int32] = []
        for (index, column) in columns.enumerated()
        where generator.nextInt(below: columns.count - index) < wanted - drawn.count {
            drawn.append(column)
        }
        return drawn
    }
}
