import CLearnKernels

/// A tree that has just grown, with the rows of its leaves; valid until its grower grows the next.
struct GrownTree {
    let nodes: [GrowingNode]
    let table: TreeTable
    /// Rows of the source table by row of the tree; nil where they are the same.
    let drawn: UnsafePointer<UInt32>?
    let rows: UnsafePointer<UInt32>
    /// Rows of the source that the tree did not see.
    let rest: UnsafePointer<UInt32>
    let restCount: Int

    func rows(of node: GrowingNode) -> some Sequence<Int> {
        (node.start..<node.start + node.count).lazy.map { index in
            let row = rows[index]
            return Int(drawn.map { $0[Int(row)] } ?? row)
        }
    }

    /// Nodes in the order of the finished tree: level by level, as XGBoost numbers them; leaf-wise in the order of
    /// growth.
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
