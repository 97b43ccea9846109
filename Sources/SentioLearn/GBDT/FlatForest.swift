/// The trees of one target in a single array of small nodes, for fast traversal.
struct FlatForest {
    /// For a leaf, `feature` is -1 and `threshold` is the value of the leaf.
    struct Node {
        let feature: Int32
        let threshold: Float
        let left: Int32
        let right: Int32
        let missing: Int32
    }

    private let nodes: [Node]
    private let roots: [Int32]

    /// - Precondition: the arrays of each tree form one tree over the features. Readers of files check this.
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

    /// Adds the leaf values of each row to its element of `sums`: tree after tree in single precision, as XGBoost does.
    func add(rows: UnsafeBufferPointer<Float>, columns: Int, to sums: UnsafeMutableBufferPointer<Float>) {
        // A block of a typical table stays in the cache while all trees pass over it.
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
