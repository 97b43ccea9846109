/// The leaves that have a split and wait for it, and which is next.
struct OpenNodes {
    private enum Order {
        /// Any order gives the same tree: the last first, so that few histograms wait.
        case last
        /// Level by level, for a limit of leaves.
        case first
        /// The largest gain, the first of equals.
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
            // Swapping the last into the gap keeps removal cheap; ties still go to the smallest node below.
            for index in waiting.indices
            where waiting[index].gain == waiting[best].gain && waiting[index].node < waiting[best].node {
                best = index
            }
            waiting.swapAt(best, waiting.count - 1)
            return waiting.removeLast().node
        }
    }
}
