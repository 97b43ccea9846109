/// The conditions for a row to reach one leaf, with all splits on the same feature combined.
struct LeafPath {
    /// The conditions on one feature of the path.
    struct Element {
        let feature: Int
        /// A row follows the path if lowest <= value < highest,
        var lowest = -Float.infinity
        var highest = Float.infinity
        /// or if the value is missing and every split on the feature sends missing values along the path.
        var takesMissing = true
        /// The share of training rows (by cover) that these splits send along the path.
        var share = 1.0
    }

    let elements: [Element]
    let value: Double

    /// Calls `body` with the path to each leaf.
    static func forEachLeaf(of tree: RegressionTree, features: Int, _ body: (LeafPath) -> Void) {
        var parents = [Int](repeating: -1, count: tree.nodeCount)
        for node in 0..<tree.nodeCount where !tree.isLeaf(node) {
            parents[Int(tree.left[node])] = node
            parents[Int(tree.right[node])] = node
        }
        var places = [Int](repeating: -1, count: features)
        for leaf in 0..<tree.nodeCount where tree.isLeaf(leaf) {
            var elements: [Element] = []
            var child = leaf
            while parents[child] >= 0 {
                let node = parents[child]
                let feature = Int(tree.features[node])
                if places[feature] < 0 {
                    places[feature] = elements.count
                    elements.append(Element(feature: feature))
                }
                let isLeft = Int(tree.left[node]) == child
                elements[places[feature]].narrow(
                    threshold: tree.thresholds[node], isLeft: isLeft, missing: tree.defaultLeft[node] == isLeft,
                    // Without cover both sides are equally likely.
                    share: tree.covers[node] > 0 ? Double(tree.covers[child]) / Double(tree.covers[node]) : 0.5)
                child = node
            }
            for element in elements { places[element.feature] = -1 }
            body(LeafPath(elements: elements, value: Double(tree.values[leaf])))
        }
    }
}

extension LeafPath.Element {
    mutating func narrow(threshold: Float, isLeft: Bool, missing: Bool, share: Double) {
        if isLeft { highest = min(highest, threshold) } else { lowest = max(lowest, threshold) }
        takesMissing = takesMissing && missing
        self.share *= share
    }
}
