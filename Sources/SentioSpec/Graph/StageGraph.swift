/// The stages of a pipeline, each after the stages it depends on.
public struct StageGraph: Sendable {
    /// In topological order, otherwise in the order of the file.
    public let nodes: [StageNode]
    private let positions: [String: Int]
    /// By name of a stage, the stages that directly depend on it.
    package let dependents: [String: [String]]

    /// - Precondition: every dependency exists and there is no cycle (`CycleCheck`).
    init(_ unordered: [StageNode]) {
        let byName = Dictionary(unordered.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var ordered: [StageNode] = [], done: Set<String> = []
        // Depth first with an explicit stack: recursion over a chain of 100,000 stages would overflow that of the
        // thread.
        for root in unordered where !done.contains(root.name) {
            var stack: [(name: String, expanded: Bool)] = [(root.name, false)]
            while let top = stack.popLast() {
                guard let node = byName[top.name], !done.contains(top.name) else { continue }
                if top.expanded {
                    done.insert(top.name)
                    ordered.append(node)
                } else {
                    stack.append((top.name, true))
                    for dependency in node.dependencies.reversed() where !done.contains(dependency) {
                        stack.append((dependency, false))
                    }
                }
            }
        }
        nodes = ordered
        positions = Dictionary(
            ordered.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
        var dependents: [String: [String]] = [:]
        for node in ordered {
            for dependency in node.dependencies { dependents[dependency, default: []].append(node.name) }
        }
        self.dependents = dependents
    }

    /// The stage of a name; nil if there is none.
    public subscript(name: String) -> StageNode? { positions[name].map { nodes[$0] } }

    /// The stages that a name on the command line means: a stage, all stages of a group, or all copies of a group's
    /// member (`cv.ridge@fold=*` or `cv.ridge`). Empty if there is no such name.
    public func stages(named name: String) -> [String] {
        nodes.filter { node in
            if node.name == name { return true }
            guard let group = node.group else { return false }
            return group.row == name || group.name == name || group.name.hasPrefix(name + ".")
                || group.isMember && group.label == name
        }.map(\.name)
    }

    /// The given stages and everything they depend on, directly or indirectly.
    public func closure(of names: some Sequence<String>) -> Set<String> {
        var found: Set<String> = [], stack = Array(names)
        while let name = stack.popLast() {
            if found.insert(name).inserted { stack += self[name]?.dependencies ?? [] }
        }
        return found
    }

    /// The stages that depend on the given one, directly or indirectly.
    public func downstream(of name: String) -> Set<String> {
        var found: Set<String> = [], stack = dependents[name] ?? []
        while let name = stack.popLast() {
            if found.insert(name).inserted { stack += dependents[name] ?? [] }
        }
        return found
    }

    /// Number of stages on the longest path from each stage to an end of the graph: the deepest should start first.
    package func remainingDepth() -> [String: Int] {
        var depth: [String: Int] = [:]
        for node in nodes.reversed() {
            depth[node.name] = 1 + ((dependents[node.name] ?? []).compactMap { depth[$0] }.max() ?? 0)
        }
        return depth
    }
}
