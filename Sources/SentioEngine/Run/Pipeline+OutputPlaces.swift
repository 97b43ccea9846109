import SentioKit
import SentioSpec

extension Pipeline {
    /// Where stages leave files, by real path; empty for a pipeline whose results all stay in the workspace.
    func outputPlaces(of stages: Set<String>) -> [String] {
        let targets = graph.nodes.filter { stages.contains($0.name) }.flatMap { $0.outputs.compactMap(\.workspacePath) }
        guard !targets.isEmpty else { return [] }
        let folder = Paths.real(directory)
        // Everybody takes them in one order.
        return Set(targets.map { Paths.normalized(Paths.resolve($0, relativeTo: folder)) }).sorted()
    }
}
