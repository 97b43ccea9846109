import SentioKit

/// What the checks examine: everything that could be decoded, even if the file has other faults.
struct PipelineDraft {
    let spec: PipelineSpec
    /// The stages that could be bound.
    let nodes: [StageNode]
    /// The stages that a stage waits for, by name, including stages that could not be bound.
    let edges: [String: [String]]
    let file: PipelineFile
    /// The folder that relative paths in the file start from.
    let directory: String
    private let origins: [String: SpecOrigin]

    init(spec: PipelineSpec, nodes: [StageNode], edges: [String: [String]], file: PipelineFile, directory: String) {
        self.spec = spec
        self.nodes = nodes
        self.file = file
        self.directory = directory
        origins = Dictionary(spec.stages.map { ($0.name, $0.origin) }, uniquingKeysWith: { first, _ in first })
        self.edges = nodes.reduce(into: edges) { edges, node in
            if !node.fileProducers.isEmpty { edges[node.name, default: []] += node.fileProducers }
        }
    }

    func origin(of stage: String) -> SpecOrigin { origins[stage] ?? .builtIn }
}
