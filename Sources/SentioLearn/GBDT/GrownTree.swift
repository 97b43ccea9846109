import CLearnKernels

/// A newly grown tree with the rows of its leaves. Valid until its grower grows the next one.
struct GrownTree {
    let nodes: [GrowingNode]
    let table: TreeTable
    /// The row of the source table for each row of the tree; nil if they are the same.
    let drawn: UnsafePointer<UInt32>?
    let rows: UnsafePointer<UInt32>
    /// The rows of the source table that were not sampled.
    let rest: UnsafePointer<UInt32>
    let restCount: Int

    func rows(of node: GrowingNode) -> some Sequence<Int> {
        (node.start..<node.start + node.count).lazy.map { index in
            let row = rows[index]
            return Int(drawn.map { $0[Int(row)] } ?? row)
        }
    }

    /// The nodes in the order of the finished tree: level by level, as XGBoost numbers them; in the order of growth for
    /// leaf-wise growth.
    func order(_ growth: GBDT.Growth) -> [Int] {
        guard growth == .depthwise else { return Array(nodes.indices) }
        var order = [0]
        var at = 0
        while at < order.count {
            let node = nodes[order[at]]
            if node.left >= 0 { order += [node.left, node.right] }
            at += 1
        }
        return order
    }
}
