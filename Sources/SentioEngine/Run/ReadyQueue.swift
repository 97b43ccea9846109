import SentioSpec

/// The stages of a run that wait for others, and those that may start.
struct StageQueue {
    private var ready: ReadyQueue
    private var waiting: [String: Set<String>] = [:]

    /// - parameter stages: those that are to run, with what they need.
    init(_ graph: StageGraph, _ stages: Set<String>) {
        ready = ReadyQueue(graph)
        for node in graph.nodes where stages.contains(node.name) {
            waiting[node.name] = Set(node.dependencies)
            if node.dependencies.isEmpty { ready.push(node.name) }
        }
    }

    mutating func next() -> String? { ready.pop() }
    mutating func push(_ stage: String) { ready.push(stage) }

    /// Another stage is done. One that ran again for a reader's sake releases only those that wait for it.
    mutating func release(_ stage: String, from other: String) {
        guard waiting[stage]?.remove(other) != nil else { return }
        if waiting[stage]?.isEmpty == true { ready.push(stage) }
    }

    /// The stage waits for this other one alone.
    mutating func wait(_ stage: String, for other: String) { waiting[stage] = [other] }

    /// The stage does not start any more.
    mutating func remove(_ stage: String) {
        waiting[stage] = nil
        ready.remove(stage)
    }
}

/// Stages that may start, best first: longest remaining path, then the one enabled last, then the order of the file.
struct ReadyQueue {
    private let depth: [String: Int]
    private let order: [String: Int]
    private var entries: [(name: String, depth: Int, enabled: Int, order: Int)] = []
    private var enabled = 0
    /// What is pushed between two pops was enabled by the same stage, or waits for nothing.
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
        // Kept sorted, the best last: stages that the same stage enabled differ in order only.
        var low = 0, high = entries.count
        while low < high {
            let middle = (low + high) / 2
            let other = entries[middle]
            let isBefore = (other.depth, other.enabled, -other.order) < (entry.depth, entry.enabled, -entry.order)
            if isBefore { low = middle + 1 } else { high = middle }
        }
        entries.insert(entry, at: low)
    }

    mutating func remove(_ name: String) { entries.removeAll { $0.name == name } }

    mutating func pop() -> String? {
        isSameWave = false
        return entries.popLast()?.name
    }
}
