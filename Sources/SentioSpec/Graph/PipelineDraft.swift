import SentioKit

/// What the checks look at: all that could be decoded, also where something else is wrong.
struct PipelineDraft {
    let spec: PipelineSpec
    /// The stages that could be bound.
    let nodes: [StageNode]
    /// The stages that a stage waits for, by name; also of those that could not be bound.
    let edges: [String: [String]]
    let file: PipelineFile
    /// The folder that relative paths in the file mean.
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
