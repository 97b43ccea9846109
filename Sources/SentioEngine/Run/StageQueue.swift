import SentioSpec

/// Which stages may be visited, and what the others wait for.
struct StageQueue {
    private let graph: StageGraph
    private var ready: ReadyQueue
    private var waiting: [String: Set<String>] = [:]
    /// Stages that wait for another one to run again, by its name.
    private var readers: [String: [String]] = [:]
    private var postponed: [String] = []

    /// - parameter stages: those that are to be visited. One that needs a stage outside the set never becomes ready.
    init(_ graph: StageGraph, _ stages: Set<String>) {
        self.graph = graph
        ready = ReadyQueue(graph)
        // In reverse, each is appended where it belongs.
        for node in graph.nodes.reversed() where stages.contains(node.name) {
            waiting[node.name] = Set(node.dependencies)
            if node.dependencies.isEmpty { ready.push(node.name) }
        }
    }

    mutating func next() -> StageNode? { ready.pop().flatMap { graph[$0] } }
    mutating func push(_ stage: String) { ready.push(stage) }

    /// Sets a stage aside until `readmit`.
    mutating func postpone(_ stage: String) { postponed.append(stage) }

    mutating func readmit() {
        for stage in postponed { ready.push(stage) }
        postponed = []
    }

    /// Makes a stage wait for this other one alone.
    mutating func wait(_ stage: String, for other: String) {
        waiting[stage] = [other]
        readers[other, default: []].append(stage)
    }

    /// Tells those that wait for a stage that it is done. Dependents that have been released before stay as they are.
    mutating func release(after stage: String) {
        for other in (graph.dependents[stage] ?? []) + (readers.removeValue(forKey: stage) ?? [])
        where waiting[other]?.remove(stage) != nil && waiting[other]?.isEmpty == true {
            ready.push(other)
        }
    }
}
