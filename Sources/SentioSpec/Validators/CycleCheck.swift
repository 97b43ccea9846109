import SentioKit

/// No stage depends on itself. Each cycle is reported once, with its stages in order.
enum CycleCheck: PipelineCheck {
    static func problems(in pipeline: PipelineDraft) -> [Diagnostic] {
        var finished: Set<String> = [], reported: Set<String> = [], problems: [Diagnostic] = []
        // All copies of a group have the same cycle, which is in the file only once.
        var places: Set<[String]> = []
        let rows = Dictionary(
            pipeline.nodes.map { ($0.name, $0.group?.row ?? $0.name) }, uniquingKeysWith: { first, _ in first })
        for root in pipeline.spec.stages where !finished.contains(root.name) {
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
                    // Cycles that share a stage are usually one mistake.
                    guard !path[start...].contains(where: reported.contains) else { continue }
                    reported.formUnion(path[start...])
                    let cycle = path[start...] + [name]
                    guard places.insert(Set(cycle.map { rows[$0] ?? $0 }).sorted()).inserted else { continue }
                    // Dependencies were followed, so the order of work is the reverse.
                    problems.append(
                        pipeline.file.diagnostic(
                            "The stages depend on each other in a cycle: \(shown(cycle.reversed())).",
                            at: pipeline.origin(of: name)))
                    continue
                }
                guard !finished.contains(name) else { continue }
                path.append(name)
                onPath.insert(name)
                stack.append((name, true))
                for dependency in Set(pipeline.edges[name] ?? []).sorted().reversed() {
                    stack.append((dependency, false))
                }
            }
        }
        return problems
    }

    private static func shown(_ cycle: [String]) -> String {
        guard cycle.count > 20 else { return cycle.joined(separator: " -> ") }
        return (cycle.prefix(10) + ["(\(cycle.count - 20) more)"] + cycle.suffix(10)).joined(separator: " -> ")
    }
}
