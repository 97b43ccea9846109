/// The stages of a pipeline in an order in which each comes after what it needs.
public struct StageGraph: Sendable {
    /// In topological order; among equals, the order of the file.
    public let nodes: [StageNode]
    private let positions: [String: Int]
    /// The stages that wait for a stage, by name.
    public let dependents: [String: [String]]

    /// - precondition: every dependency exists and there is no cycle; `CycleCheck` has seen to it.
    init(_ unordered: [StageNode]) {
        let byName = Dictionary(unordered.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var ordered: [StageNode] = [], done: Set<String> = []
        // Depth first with a stack of its own: a chain of 100,000 stages must not overflow the thread's.
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

    public subscript(name: String) -> StageNode? { positions[name].map { nodes[$0] } }

    /// What a name on the command line means: a stage; for a group all its stages; for `cv.ridge@fold=*` or a member's
    /// name all its copies. Empty where there is no such name.
    public func stages(named name: String) -> [String] {
        nodes.filter { node in
            if node.name == name { return true }
            guard let group = node.group else { return false }
            return group.row == name || group.name == name || group.name.hasPrefix(name + ".")
                || group.isMember && group.label == name
        }.map(\.name)
    }

    /// The given stages and all they need.
    public func closure(of names: some Sequence<String>) -> Set<String> {
        var found: Set<String> = [], stack = Array(names)
        while let name = stack.popLast() {
            if found.insert(name).inserted { stack += self[name]?.dependencies ?? [] }
        }
        return found
    }

    /// The stages that need the given one, directly or not.
    public func downstream(of name: String) -> Set<String> {
        var found: Set<String> = [], stack = dependents[name] ?? []
        while let name = stack.popLast() {
            if found.insert(name).inserted { stack += dependents[name] ?? [] }
        }
        return found
    }

    /// Edges on the longest path from each stage to an end of the graph: what must start first to finish early.
    public func remainingDepth() -> [String: Int] {
        var depth: [String: Int] = [:]
        for node in nodes.reversed() {
            depth[node.name] = 1 + ((dependents[node.name] ?? []).compactMap { depth[$0] }.max() ?? 0)
        }
        return depth
    }
}
