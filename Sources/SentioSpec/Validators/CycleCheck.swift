import SentioKit

/// No stage waits for itself. Each circle is reported once, with its stages in order.
enum CycleCheck: PipelineCheck {
    static func problems(in pipeline: PipelineDraft) -> [Diagnostic] {
        var finished: Set<String> = [], reported: Set<String> = [], problems: [Diagnostic] = []
        // The copies of a group wait for each other in the same way; the file has the circle once.
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
                    // Two circles through one stage are mended together.
                    guard !path[start...].contains(where: reported.contains) else { continue }
                    reported.formUnion(path[start...])
                    let circle = path[start...] + [name]
                    guard places.insert(Set(circle.map { rows[$0] ?? $0 }).sorted()).inserted else { continue }
                    // Dependencies were followed, so the order of work is the reverse.
                    problems.append(
                        pipeline.file.diagnostic(
                            "The stages wait for each other in a circle: \(shown(circle.reversed())).",
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

    private static func shown(_ circle: [String]) -> String {
        guard circle.count > 20 else { return circle.joined(separator: " -> ") }
        return (circle.prefix(10) + ["(\(circle.count - 20) more)"] + circle.suffix(10)).joined(separator: " -> ")
    }
}
