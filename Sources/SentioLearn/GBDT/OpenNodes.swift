/// The leaves that can be split, and the order in which they are.
struct OpenNodes {
    private enum Order {
        /// Last in, first out, to keep few histograms alive. Without a limit of leaves every order gives the same tree.
        case last
        /// First in, first out: level by level, for a limited number of leaves.
        case first
        /// Largest gain first; of equal gains, the smallest node.
        case gain
    }

    private let order: Order
    private var waiting: [(node: Int, gain: Double)] = []

    init(_ options: GBDT) {
        order = options.growth == .leafwise ? .gain : options.maxLeaves > 0 ? .first : .last
    }

    mutating func add(_ node: Int, gain: Double) { waiting.append((node, gain)) }

    mutating func next() -> Int? {
        guard !waiting.isEmpty else { return nil }
        switch order {
        case .last: return waiting.removeLast().node
        case .first: return waiting.removeFirst().node
        case .gain:
            var best = 0
            for index in waiting.indices.dropFirst() where waiting[index].gain > waiting[best].gain { best = index }
            // Removal swaps in the last element, so the list is unordered and ties are broken by node here.
            for index in waiting.indices
            where waiting[index].gain == waiting[best].gain && waiting[index].node < waiting[best].node {
                best = index
            }
            waiting.swapAt(best, waiting.count - 1)
            return waiting.removeLast().node
        }
    }
}
