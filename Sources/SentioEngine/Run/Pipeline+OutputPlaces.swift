import SentioKit
import SentioSpec

extension Pipeline {
    /// The real paths of the outputs that stages leave in the user's folder; empty if all results stay in the
    /// workspace.
    func outputPlaces(of stages: Set<String>) -> [String] {
        let targets = graph.nodes.filter { stages.contains($0.name) }.flatMap { $0.outputs.compactMap(\.workspacePath) }
        guard !targets.isEmpty else { return [] }
        let folder = Paths.real(directory)
        // All processes claim them in the same order.
        return Set(targets.map { Paths.normalized(Paths.resolve($0, relativeTo: folder)) }).sorted()
    }
}
