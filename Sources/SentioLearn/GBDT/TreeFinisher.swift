import CLearnKernels
import SentioBase

/// Turns a grown tree into a stored one, with leaf values, gains and covers from exact sums.
struct TreeFinisher {
    let options: GBDT
    let gradients: GradientTable
    let predictions: UnsafeMutablePointer<Float>
    let targets: UnsafePointer<Float>
    let threads: Int

    /// The stored tree, and its nodes over bins. Adds its leaf values to the predictions of all training rows.
    func finish(_ grown: GrownTree) -> (tree: RegressionTree, walk: [tree_node]) {
        let order = grown.order(options.growth)
        var number = [Int](repeating: 0, count: order.count)
        for (new, old) in order.enumerated() { number[old] = new }
        var sums = [ExactPair](repeating: ExactPair(), count: order.count)
        let isLarge = grown.nodes[0].count >= RowParts.size
        sums.withUnsafeMutableBufferPointer { sums in
            Parallel.forEachUnchecked(order.count, threads: isLarge ? threads : 1) { node, _ in
                let own = grown.nodes[node]
                if own.left < 0 { sums[node] = gradients.exact(grown.rows(of: own)) }
            }
        }
        for (node, own) in grown.nodes.enumerated().reversed() where own.left >= 0 {
            sums[node] = sums[own.left] + sums[own.right]
        }
        let weights = LeafWeight(options: options)
        var tree = RegressionTree(capacity: order.count)
        var walk: [tree_node] = []
        walk.reserveCapacity(order.count)
        for old in order {
            let node = grown.nodes[old]
            let sum = gradients.real(sums[old])
            let weight = weights.weight(
                gradient: sum.gradient, hessian: sum.hessian, lower: node.lower, upper: node.upper)
            var value = Float(options.learningRate * weight)
            if node.left < 0, let quantile = options.loss.function.leafQuantile {
                // A leaf always has rows, because a split leaves rows on both sides.
                value = Float(options.learningRate * Double(WeibullQuantile.of(residuals(grown, node), quantile)))
            }
            guard node.left >= 0, let split = node.split else {
                tree.addLeaf(value: value, cover: Float(sum.hessian))
                walk.append(
                    tree_node(column: -1, slot: 0, left: -1, right: -1, missing: -1, missing_left: 0, value: value))
                continue
            }
            let column = grown.table.columns[split.position]
            let cuts = grown.table.source.columns[Int(column)]
            let left = gradients.real(sums[node.left]), right = gradients.real(sums[node.right])
            func gain(_ sum: (gradient: Double, hessian: Double)) -> Double {
                weights.gain(gradient: sum.gradient, hessian: sum.hessian, lower: node.lower, upper: node.upper)
            }
            tree.addSplit(
                feature: column, threshold: cuts.threshold(after: Int(split.slot)), defaultLeft: split.missingLeft,
                left: number[node.left], right: number[node.right], value: value,
                gain: Float(gain(left) + gain(right) - gain(sum)), cover: Float(sum.hessian))
            walk.append(
                tree_node(
                    column: column, slot: split.slot, left: Int32(number[node.left]), right: Int32(number[node.right]),
                    missing: grown.table.source.missingCode(Int(column)), missing_left: split.missingLeft ? 1 : 0,
                    value: 0))
        }
        let source = grown.table.source
        Parallel.forEachUnchecked(order.count, threads: isLarge ? threads : 1) { new, _ in
            let node = grown.nodes[order[new]]
            guard node.left < 0 else { return }
            for row in grown.rows(of: node) { predictions[row] += walk[new].value }
        }
        RowParts.forEach(grown.restCount, threads: threads) { _, range in
            tree_add_leaves(
                walk, source.codes.start, Int64(source.blockStride), grown.rest + range.lowerBound, Int64(range.count),
                predictions)
        }
        return (tree, walk)
    }

    private func residuals(_ grown: GrownTree, _ node: GrowingNode) -> [Float] {
        grown.rows(of: node).map { targets[$0] - predictions[$0] }
    }
}

extension RegressionTree {
    fileprivate init(capacity: Int) {
        self.init(
            features: [], thresholds: [], defaultLeft: [], left: [], right: [], values: [], gains: [], covers: [])
        features.reserveCapacity(capacity)
        thresholds.reserveCapacity(capacity)
        defaultLeft.reserveCapacity(capacity)
        left.reserveCapacity(capacity)
        right.reserveCapacity(capacity)
        values.reserveCapacity(capacity)
        gains.reserveCapacity(capacity)
        covers.reserveCapacity(capacity)
    }

    fileprivate mutating func addLeaf(value: Float, cover: Float) {
        addSplit(
            feature: -1, threshold: 0, defaultLeft: false, left: -1, right: -1, value: value, gain: 0, cover: cover)
    }

    fileprivate mutating func addSplit(
        feature: Int32, threshold: Float, defaultLeft: Bool, left: Int, right: Int, value: Float, gain: Float,
        cover: Float
    ) {
        features.append(feature)
        thresholds.append(threshold)
        self.defaultLeft.append(defaultLeft)
        self.left.append(Int32(left))
        self.right.append(Int32(right))
        values.append(value)
        gains.append(gain)
        covers.append(cover)
    }
}
