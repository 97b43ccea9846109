import CLearnKernels
import SentioBase

/// Grows the trees of one target one after another, reusing its memory.
final class TreeGrower {
    private let options: GBDT
    private let table: TreeTable
    private let finder: SplitFinder
    private let monotone: [Int8]
    private let threads: Int
    private let weights: LeafWeight
    /// The rows of the tree, grouped by node, and their pairs.
    private let rows: NumberBuffer<UInt32>
    private let pairs: NumberBuffer<Int64>
    private let spareRows: NumberBuffer<UInt32>
    private let sparePairs: NumberBuffer<Int64>
    /// The sampled rows and the others, in the order of the table.
    private let drawn: NumberBuffer<UInt32>
    private let rest: NumberBuffer<UInt32>
    /// Two histograms of a block for each thread, for nodes without their own; zero between uses.
    private let scratch: NumberBuffer<Int64>
    private var pool: HistogramPool
    private var nodes: [GrowingNode] = []

    init(options: GBDT, table: BinnedTable, monotone: [Int8], threads: Int) {
        self.options = options
        self.table = TreeTable(table)
        self.monotone = monotone
        self.threads = threads
        weights = LeafWeight(options: options)
        finder = SplitFinder(options: options, table: self.table, monotone: monotone)
        rows = NumberBuffer(table.rows)
        pairs = NumberBuffer(table.rows)
        spareRows = NumberBuffer(table.rows)
        sparePairs = NumberBuffer(table.rows)
        drawn = NumberBuffer(table.rows)
        rest = NumberBuffer(options.subsample < 1 ? table.rows : 0)
        scratch = NumberBuffer(2 * max(1, threads) * HistogramPool.blockPairs, zeroed: true)
        pool = HistogramPool(blocks: self.table.blocks)
    }

    /// Grows one tree on these derivatives. The rows of its leaves are valid until the next one grows.
    func grow(gradients: GradientTable, sample: TreeSample) -> GrownTree {
        let count = sample.drawRows(of: table.source.rows, into: drawn.start, rest: rest.start)
        let columns = sample.drawColumns(of: table.source.columns.count)
        let isPacked = table.select(columns: columns, rows: drawn.start, count: count, threads: threads)
        finder.prepare()
        if pool.blocks != table.blocks { pool = HistogramPool(blocks: table.blocks) }
        gradients.quantize(drawn.start, count: count, into: pairs.start, threads: threads)
        var total: Int64 = 0
        if !isPacked { rows.start.update(from: drawn.start, count: count) }
        for index in 0..<count {
            if isPacked { rows.start[index] = UInt32(index) }
            total += pairs.start[index]
        }

        nodes = [GrowingNode(start: 0, count: count, total: total, depth: 0, path: 1)]
        var open = OpenNodes(options)
        var leaves = 1
        if mayBeSplit(nodes[0], gradients) { searchRoot(gradients, sample) }
        consider(0, &open)
        while let node = open.next() {
            guard options.maxLeaves == 0 || leaves < options.maxLeaves else { break }
            split(node, gradients, sample)
            leaves += 1
            consider(nodes[node].left, &open)
            consider(nodes[node].right, &open)
        }
        for index in nodes.indices { release(index) }
        return GrownTree(
            nodes: nodes, table: table, drawn: isPacked ? drawn.start : nil, rows: UnsafePointer(rows.start),
            rest: UnsafePointer(rest.start), restCount: table.source.rows - count)
    }

    private func release(_ node: Int) {
        pool.giveBack(nodes[node].histogram)
        nodes[node].histogram = nil
    }

    private func consider(_ node: Int, _ open: inout OpenNodes) {
        if let split = nodes[node].split { open.add(node, gain: split.lossChange) } else { release(node) }
    }

    private func mayBeSplit(_ node: GrowingNode, _ gradients: GradientTable) -> Bool {
        (options.maxDepth == 0 || node.depth < options.maxDepth) && node.count > 1
            && Double(node.hessian) * gradients.hessianUnit >= 2 * options.minChildWeight
    }

    /// Whether nodes at this depth keep histograms for their children.
    private func keepsHistograms(_ depth: Int) -> Bool { options.maxDepth == 0 || depth + 1 < options.maxDepth }

    private func threads(for rows: Int) -> Int { rows >= 4096 ? threads : 1 }

    private func positions(_ node: GrowingNode, _ sample: TreeSample) -> [Int32]? {
        sample.drawPositions(of: table.columns.count, depth: node.depth, path: node.path)
    }

    private func searchRoot(_ gradients: GradientTable, _ sample: TreeSample) {
        let terms = finder.terms(nodes[0], gradients: gradients)
        if keepsHistograms(0) { nodes[0].histogram = pool.take() }
        let slot = nodes[0].histogram
        Parallel.forEachUnchecked(table.blocks, threads: threads(for: nodes[0].count)) { block, lane in
            let histogram =
                slot.map { pool.block(block, of: $0) } ?? scratch.start + lane * 2 * HistogramPool.blockPairs
            fill(histogram, block: block, node: nodes[0], isEmpty: slot == nil)
            finder.search(block: block, histogram: histogram, side: 0, terms: terms)
            if slot == nil { clear(histogram, block: block) }
        }
        nodes[0].split = finder.best(side: 0, among: positions(nodes[0], sample))
    }

    private func clear(_ histogram: UnsafeMutablePointer<Int64>, block: Int) {
        histogram.update(repeating: 0, count: finder.slots(ofBlock: block) * BinnedTable.lanes)
    }

    private func fill(_ histogram: UnsafeMutablePointer<Int64>, block: Int, node: GrowingNode, isEmpty: Bool) {
        if !isEmpty { clear(histogram, block: block) }
        tree_histogram(
            table.codes(ofBlock: block), rows.start + node.start, pairs.start + node.start, Int64(node.count), histogram
        )
    }

    /// Partitions the rows of a node and searches both children.
    private func split(_ index: Int, _ gradients: GradientTable, _ sample: TreeSample) {
        let node = nodes[index]
        guard let split = node.split else { return }
        let (leftCount, leftTotal) = partition(node, by: split)
        var left = GrowingNode(
            start: node.start, count: leftCount, total: leftTotal, depth: node.depth + 1, path: node.path &* 2,
            lower: node.lower, upper: node.upper)
        var right = GrowingNode(
            start: node.start + leftCount, count: node.count - leftCount, total: node.total - leftTotal,
            depth: node.depth + 1, path: node.path &* 2 &+ 1, lower: node.lower, upper: node.upper)
        if finder.isBounded { bound(&left, &right, by: split, gradients) }
        nodes[index].left = nodes.count
        nodes[index].right = nodes.count + 1
        nodes[index].histogram = nil
        searchChildren(&left, &right, parent: node.histogram, gradients, sample)
        nodes.append(left)
        nodes.append(right)
    }

    /// Moves the rows of the left child before those of the right, keeping their order. Large nodes are split into
    /// pieces for the threads.
    private func partition(_ node: GrowingNode, by split: GrowingNode.Split) -> (count: Int, total: Int64) {
        let codes = table.codes(of: split.position)
        let missing = table.source.missingCode(Int(table.columns[split.position]))
        let pieces = threads > 1 ? max(1, min(4 * threads, node.count / RowParts.size)) : 1
        let starts = (0...pieces).map { node.start + node.count * $0 / pieces }
        var kept = [Int](repeating: 0, count: pieces)
        var totals = [Int64](repeating: 0, count: pieces)
        kept.withUnsafeMutableBufferPointer { kept in
            totals.withUnsafeMutableBufferPointer { totals in
                Parallel.forEachUnchecked(pieces, threads: threads) { piece, _ in
                    let start = starts[piece]
                    kept[piece] = Int(
                        tree_partition(
                            codes, rows.start + start, pairs.start + start, Int64(starts[piece + 1] - start),
                            split.slot,
                            missing, split.missingLeft ? 1 : 0, spareRows.start + start, sparePairs.start + start,
                            &totals[piece]))
                }
            }
        }
        var end = node.start
        for piece in 0..<pieces {
            if end != starts[piece] {
                (rows.start + end).update(from: rows.start + starts[piece], count: kept[piece])
                (pairs.start + end).update(from: pairs.start + starts[piece], count: kept[piece])
            }
            end += kept[piece]
        }
        for piece in 0..<pieces {
            let moved = starts[piece + 1] - starts[piece] - kept[piece]
            (rows.start + end).update(from: spareRows.start + starts[piece], count: moved)
            (pairs.start + end).update(from: sparePairs.start + starts[piece], count: moved)
            end += moved
        }
        return (kept.reduce(0, +), totals.reduce(0, +))
    }

    /// XGBoost's bounds: a split on a monotone column divides the allowed weights midway between those of the children.
    private func bound(
        _ left: inout GrowingNode, _ right: inout GrowingNode, by split: GrowingNode.Split, _ gradients: GradientTable
    ) {
        func weight(_ node: GrowingNode) -> Double {
            weights.weight(
                gradient: Double(node.gradient) * gradients.gradientUnit,
                hessian: Double(node.hessian) * gradients.hessianUnit, lower: node.lower, upper: node.upper)
        }
        let middle = (weight(left) + weight(right)) / 2
        switch monotone[Int(table.columns[split.position])] {
        case 1: (left.upper, right.lower) = (middle, middle)
        case -1: (left.lower, right.upper) = (middle, middle)
        default: break
        }
    }

    private func searchChildren(
        _ left: inout GrowingNode, _ right: inout GrowingNode, parent: Int?, _ gradients: GradientTable,
        _ sample: TreeSample
    ) {
        let isLeft = mayBeSplit(left, gradients), isRight = mayBeSplit(right, gradients)
        guard isLeft || isRight else { return pool.giveBack(parent) }
        let leftIsSmaller = left.count <= right.count
        let smaller = leftIsSmaller ? left : right, larger = leftIsSmaller ? right : left
        let keep = keepsHistograms(left.depth)
        let smallerSlot = keep ? pool.take() : nil
        // Without the parent's histogram the larger child accumulates its rows too.
        let largerSlot = keep ? parent ?? pool.take() : nil
        let smallerTerms = finder.terms(smaller, gradients: gradients),
            largerTerms = finder.terms(larger, gradients: gradients)
        Parallel.forEachUnchecked(table.blocks, threads: threads(for: smaller.count)) { block, lane in
            let own = scratch.start + lane * 2 * HistogramPool.blockPairs
            let one = smallerSlot.map { pool.block(block, of: $0) } ?? own
            fill(one, block: block, node: smaller, isEmpty: smallerSlot == nil)
            if let parent {
                finder.searchPair(
                    block: block, parent: pool.block(block, of: parent), smaller: one, keep: keep,
                    smallerTerms: smallerTerms, largerTerms: largerTerms)
                if keep, smallerSlot == nil { clear(one, block: block) }
            } else {
                let other = largerSlot.map { pool.block(block, of: $0) } ?? own + HistogramPool.blockPairs
                fill(other, block: block, node: larger, isEmpty: largerSlot == nil)
                finder.search(block: block, histogram: one, side: 0, terms: smallerTerms)
                finder.search(block: block, histogram: other, side: 1, terms: largerTerms)
                if smallerSlot == nil { clear(one, block: block) }
                if largerSlot == nil { clear(other, block: block) }
            }
        }
        if !keep { pool.giveBack(parent) }
        left.histogram = leftIsSmaller ? smallerSlot : largerSlot
        right.histogram = leftIsSmaller ? largerSlot : smallerSlot
        if isLeft { left.split = finder.best(side: leftIsSmaller ? 0 : 1, among: positions(left, sample)) }
        if isRight { right.split = finder.best(side: leftIsSmaller ? 1 : 0, among: positions(right, sample)) }
    }
}
