/// The trees of one target in one array of small nodes, for fast walks.
struct FlatForest {
    /// A leaf's `feature` is -1 and its `threshold` the leaf's value.
    struct Node {
        let feature: Int32
        let threshold: Float
        let left: Int32
        let right: Int32
        let missing: Int32
    }

    private let nodes: [Node]
    private let roots: [Int32]

    /// - Precondition: every tree is one tree over the features. What comes from a file was validated by its reader.
    init(_ trees: [RegressionTree], featureCount: Int) {
        var nodes: [Node] = []
        var roots: [Int32] = []
        nodes.reserveCapacity(trees.reduce(0) { $0 + $1.nodeCount })
        for tree in trees {
            let problem = tree.structureProblem(featureCount: featureCount)
            precondition(problem == nil, "A tree \(problem ?? "").")
            let start = Int32(nodes.count)
            roots.append(start)
            for node in 0..<tree.nodeCount {
                if tree.isLeaf(node) {
                    nodes.append(
                        Node(feature: -1, threshold: tree.values[node], left: start, right: start, missing: start))
                } else {
                    let (left, right) = (start + tree.left[node], start + tree.right[node])
                    nodes.append(
                        Node(
                            feature: tree.features[node], threshold: tree.thresholds[node], left: left, right: right,
                            missing: tree.defaultLeft[node] ? left : right))
                }
            }
        }
        self.nodes = nodes
        self.roots = roots
    }

    /// Adds what each tree says of each row, tree after tree in single precision as XGBoost does, to `sums`, one a row.
    func add(rows: UnsafeBufferPointer<Float>, columns: Int, to sums: UnsafeMutableBufferPointer<Float>) {
        // So many rows of a usual table stay in the cache while all trees pass over them.
        let block = 64
        nodes.withUnsafeBufferPointer { nodes in
            for start in stride(from: 0, to: sums.count, by: block) {
                for root in roots {
                    for row in start..<min(start + block, sums.count) {
                        let values = rows.baseAddress.map { $0 + row * columns }
                        var node = nodes[Int(root)]
                        while node.feature >= 0, let value = values?[Int(node.feature)] {
                            let next = value < node.threshold ? node.left : value.isNaN ? node.missing : node.right
                            node = nodes[Int(next)]
                        }
                        sums[row] += node.threshold
                    }
                }
            }
        }
    }
}
