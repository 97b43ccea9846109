extension RegressionTree {
    /// Why the arrays do not form one tree over that many features, as the predicate of a sentence; nil if they do.
    ///
    /// In a valid tree, a walk from the root stays inside the arrays and ends at a leaf. Takes linear time.
    func structureProblem(featureCount: Int) -> String? {
        let count = nodeCount
        guard count > 0 else { return "has no nodes" }
        guard
            [thresholds.count, defaultLeft.count, left.count, right.count, values.count, gains.count, covers.count]
                .allSatisfy({ $0 == count })
        else { return "has arrays of different lengths" }
        var hasParent = [Bool](repeating: false, count: count)
        hasParent[0] = true
        for node in 0..<count {
            guard values[node].isFinite, gains[node].isFinite, covers[node].isFinite, covers[node] >= 0 else {
                return "has a value, gain or cover at node \(node) that is not a finite number"
            }
            guard hasParent[node] else { return "has node \(node) without a parent before it" }
            if left[node] == -1, right[node] == -1 { continue }
            for child in [left[node], right[node]] {
                guard child > node, child < count else {
                    return
                        "has node \(child) as a child of node \(node) instead of one from \(node + 1) to "
                        + "\(count - 1)"
                }
                guard !hasParent[Int(child)] else { return "has node \(child) below two parents" }
                hasParent[Int(child)] = true
            }
            guard features[node] >= 0, features[node] < featureCount else {
                return "splits node \(node) on feature \(features[node]) of \(featureCount), counted from 0"
            }
            guard thresholds[node].isFinite else {
                return "has a threshold at node \(node) that is not a finite number"
            }
        }
        return nil
    }
}
