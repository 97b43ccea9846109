import CLearnKernels

/// Finds the best split of a node from its histograms, block by block.
///
/// There are two searches: a plain one for the L2 penalty alone, in single precision with 8 columns at a time, and a
/// full one with all rules (L1 penalty, monotone columns, missing values) in double precision.
final class SplitFinder {
    private let options: GBDT
    private let table: TreeTable
    private let monotone: [Int8]
    let isBounded: Bool
    private var blocks: [Block] = []
    private var results = Results(0)

    /// The best split of each column, by side, then position among the columns of the tree.
    private struct Results {
        let lossChanges: NumberBuffer<Double>
        let scores: NumberBuffer<Float>
        let slots: NumberBuffer<Int32>
        let missingLeft: NumberBuffer<UInt8>

        init(_ count: Int) {
            lossChanges = NumberBuffer(count)
            scores = NumberBuffer(count)
            slots = NumberBuffer(count)
            missingLeft = NumberBuffer(count)
        }
    }

    private struct Block {
        var slots: Int32
        var needsRules: Bool
        var missing: [UInt8]
        var monotone: [Int8]
    }

    /// What a search needs to know of a node.
    struct Terms {
        var plain: tree_terms
        var rules: tree_rules
        /// lossChange is score x factor + offset for plain scores, and score - root for full ones.
        var factor: Double
        var offset: Double
        var root: Double
    }

    init(options: GBDT, table: TreeTable, monotone: [Int8]) {
        self.options = options
        self.table = table
        self.monotone = monotone
        isBounded = monotone.contains { $0 != 0 }
    }

    /// Prepares for the columns of the next tree.
    func prepare() {
        let lanes = BinnedTable.lanes
        blocks = (0..<table.blocks).map { block in
            var own = Block(
                slots: 1, needsRules: isBounded || options.alpha > 0, missing: [UInt8](repeating: 0, count: lanes),
                monotone: [Int8](repeating: 0, count: lanes))
            for lane in 0..<min(lanes, table.columns.count - block * lanes) {
                let column = Int(table.columns[block * lanes + lane])
                let cuts = table.source.columns[column]
                own.slots = max(own.slots, Int32(cuts.cuts.count + 1))
                own.monotone[lane] = monotone[column]
                if cuts.hasMissing {
                    own.missing[lane] = 1
                    own.needsRules = true
                }
            }
            return own
        }
        // Two nodes are searched at a time.
        let count = 2 * table.blocks * lanes
        if results.slots.count < count { results = Results(count) }
    }

    func slots(ofBlock block: Int) -> Int { blocks[block].missing.contains(1) ? 256 : Int(blocks[block].slots) }

    func terms(_ node: GrowingNode, gradients: GradientTable) -> Terms {
        let lambda = options.lambda
        let gradient = Double(node.gradient) * gradients.gradientUnit
        let hessian = Double(node.hessian) * gradients.hessianUnit
        let smallest = max(1, (options.minChildWeight / gradients.hessianUnit).rounded(.up))
        let whole = hessian + 2 * lambda
        let unit = 0x1p-31
        // In quanta of hessian.
        let quanta = lambda / gradients.hessianUnit, sum = Double(node.hessian)
        let slope = Double(node.gradient) * unit / (sum + 2 * quanta)
        let plain = tree_terms(
            gradient_unit: Float(unit), slope: Float(slope), offset: Float(slope * quanta),
            penalty: Float(quanta * sum + quanta * quanta), hessian: Int32(node.hessian),
            smallest: Int32(min(smallest, Double(Int32.max))))
        let rules = tree_rules(
            gradient_unit: gradients.gradientUnit, hessian_unit: gradients.hessianUnit, lambda: lambda,
            alpha: options.alpha, lower: node.lower, upper: node.upper, total: node.total, smallest: plain.smallest,
            bounded: isBounded ? 1 : 0)
        let scale = gradients.gradientUnit / unit
        return Terms(
            plain: plain, rules: rules, factor: scale * scale * whole / (gradients.hessianUnit * gradients.hessianUnit),
            offset: gradient * gradient / whole - gradient * gradient / (hessian + lambda),
            root: LeafWeight(options: options).gain(
                gradient: gradient, hessian: hessian, lower: node.lower, upper: node.upper))
    }

    /// Searches one histogram of a block; `side` is 0 or 1.
    func search(block: Int, histogram: UnsafePointer<Int64>, side: Int, terms: Terms) {
        let lanes = BinnedTable.lanes
        let at = (side * table.blocks + block) * lanes
        let own = blocks[block]
        if own.needsRules {
            let lossChanges = results.lossChanges.start + at
            withUnsafePointer(to: terms.rules) { rules in
                tree_scan_rules(
                    histogram, own.slots, own.missing, own.monotone, rules, lossChanges, results.slots.start + at,
                    results.missingLeft.start + at)
            }
            for lane in 0..<lanes { lossChanges[lane] -= terms.root }
        } else {
            withUnsafePointer(to: terms.plain) { plain in
                tree_scan(histogram, own.slots, plain, results.scores.start + at, results.slots.start + at)
            }
            finishPlain(at: at, terms: terms)
        }
    }

    /// Searches the histograms of two children, side 0 and 1. That of side 1 is parent - smaller. With `keep` it
    /// replaces the parent's; without, the smaller one is cleared.
    func searchPair(
        block: Int, parent: UnsafeMutablePointer<Int64>, smaller: UnsafeMutablePointer<Int64>, keep: Bool,
        smallerTerms: Terms,
        largerTerms: Terms
    ) {
        let lanes = BinnedTable.lanes
        let own = blocks[block]
        guard !own.needsRules else {
            tree_subtract(parent, smaller, Int64(slots(ofBlock: block) * lanes))
            search(block: block, histogram: smaller, side: 0, terms: smallerTerms)
            search(block: block, histogram: parent, side: 1, terms: largerTerms)
            if !keep { smaller.update(repeating: 0, count: slots(ofBlock: block) * lanes) }
            return
        }
        let first = block * lanes, second = (table.blocks + block) * lanes
        let scores = results.scores.start, slots = results.slots.start
        withUnsafePointer(to: smallerTerms.plain) { one in
            withUnsafePointer(to: largerTerms.plain) { other in
                tree_scan_pair(
                    parent, smaller, own.slots, one, other, keep ? 1 : 0, scores + first, slots + first,
                    scores + second,
                    slots + second)
            }
        }
        finishPlain(at: first, terms: smallerTerms)
        finishPlain(at: second, terms: largerTerms)
    }

    private func finishPlain(at: Int, terms: Terms) {
        let scores = results.scores.start, lossChanges = results.lossChanges.start,
            missingLeft = results.missingLeft.start
        for lane in at..<at + BinnedTable.lanes {
            lossChanges[lane] = scores[lane] < 0 ? -.infinity : Double(scores[lane]) * terms.factor + terms.offset
            missingLeft[lane] = 0
        }
    }

    /// The best split of the searched columns, the first of equal ones; nil if none reaches `minSplitLoss` and exceeds
    /// XGBoost's minimum gain of 1e-6.
    func best(side: Int, among positions: [Int32]?) -> GrowingNode.Split? {
        let offset = side * table.blocks * BinnedTable.lanes
        let lossChanges = results.lossChanges.start + offset
        var best = -1
        var largest = -Double.infinity
        func look(_ position: Int) {
            if lossChanges[position] > largest {
                largest = lossChanges[position]
                best = position
            }
        }
        if let positions { positions.forEach { look(Int($0)) } } else { (0..<table.columns.count).forEach(look) }
        guard best >= 0, largest > 1e-6, largest >= options.minSplitLoss else { return nil }
        return GrowingNode.Split(
            lossChange: largest, position: best, slot: results.slots.start[offset + best],
            missingLeft: results.missingLeft.start[offset + best] != 0)
    }
}
