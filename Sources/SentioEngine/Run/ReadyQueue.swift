import SentioSpec

/// Ready stages, best first: longest remaining path, then the one enabled last, then the order of the file.
struct ReadyQueue {
    private let depth: [String: Int]
    private let order: [String: Int]
    private var entries: [(name: String, depth: Int, enabled: Int, order: Int)] = []
    private var enabled = 0
    /// Whatever is pushed between two pops was enabled by the same stage, or has no dependencies.
    private var isSameWave = false

    init(_ graph: StageGraph) {
        depth = graph.remainingDepth()
        order = Dictionary(
            graph.nodes.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func push(_ name: String) {
        if !isSameWave { enabled += 1 }
        isSameWave = true
        let entry = (name: name, depth: depth[name] ?? 0, enabled: enabled, order: order[name] ?? 0)
        // Sorted, best last.
        var low = 0, high = entries.count
        while low < high {
            let middle = (low + high) / 2
            let other = entries[middle]
            let isBefore = (other.depth, other.enabled, -other.order) < (entry.depth, entry.enabled, -entry.order)
            if isBefore { low = middle + 1 } else { high = middle }
        }
        entries.insert(entry, at: low)
    }

    mutating func pop() -> String? {
        isSameWave = false
        return entries.popLast()?.name
    }
}
