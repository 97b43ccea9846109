import SentioKit

/// No stage waits for itself. A cycle is reported once, with its stages in order.
enum CycleCheck: PipelineCheck {
    static func problems(in pipeline: PipelineDraft) -> [Diagnostic] {
        let byName = Dictionary(pipeline.nodes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var finished: Set<String> = []
        for root in pipeline.nodes where !finished.contains(root.name) {
            var path: [String] = [], onPath: Set<String> = []
            var stack: [(name: String, leaving: Bool)] = [(root.name, false)]
            while let (name, leaving) = stack.popLast() {
                if leaving {
                    path.removeLast()
                    onPath.remove(name)
                    finished.insert(name)
                    continue
                }
                if onPath.contains(name), let start = path.firstIndex(of: name) {
                    let circle = path[start...] + [name]
                    // Dependencies were followed, so the order of work is the reverse.
                    return [
                        pipeline.file.diagnostic(
                            "The stages wait for each other in a circle: \(circle.reversed().joined(separator: " -> ")).",
                            at: pipeline.origin(of: name))
                    ]
                }
                guard !finished.contains(name), let node = byName[name] else { continue }
                path.append(name)
                onPath.insert(name)
                stack.append((name, true))
                for dependency in node.dependencies.reversed() { stack.append((dependency, false)) }
            }
        }
        return []
    }
}
