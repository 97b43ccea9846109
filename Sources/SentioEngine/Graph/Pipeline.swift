public import SentioKit

/// A pipeline that has been read, checked and bound: ready to plan and run.
public struct Pipeline: Sendable {
    public let name: String
    public let description: String?
    /// The file as given.
    public let path: String
    /// The folder that relative paths in the file mean.
    public let directory: String
    public let seed: Int
    public let profile: String?
    public let params: [RunDescription.Parameter]
    public let graph: StageGraph
    public let expectations: [ExpectationClause]
    /// The `sweep:` block, which `run` leaves alone.
    public let sweep: SweepSpec?
    /// The groups of the file; their stages are in `graph`.
    public let groups: [PipelineGroup]
    let root: SpecNode

    /// Reads and checks a pipeline file.
    /// - throws: `PipelineErrors` with all that is wrong, in the order of the file.
    public init(path: String, options: LoadOptions = LoadOptions(), registry: StageRegistry) throws {
        var file = PipelineFile()
        let merged = try file.load(path, options: options)
        try self.init(merged, file: file, path: path, profile: options.profile, registry: registry)
    }

    /// Checks and binds a file that has been read.
    /// - throws: `PipelineErrors`.
    init(_ merged: SpecNode, file: PipelineFile, path: String, profile: String?, registry: StageRegistry) throws {
        var decoder = SpecDecoder(file: file, path: path, registry: registry)
        let spec = decoder.decode(merged)
        var binder = Binder(spec: spec, file: file, path: path, registry: registry)
        let bound = binder.bind()
        var problems = decoder.problems + binder.problems
        let draft = PipelineDraft(spec: spec, nodes: bound, file: file)
        if problems.isEmpty { for check in PipelineChecks.all { problems += check.problems(in: draft) } }
        let expectations = ExpectationClause.parse(
            spec.expectations, stages: Set(bound.map(\.name)), measures: registry.measures, report: file.diagnostic, problems: &problems)
        guard problems.isEmpty else {
            var said: Set<String> = []
            throw PipelineErrors(
                problems.filter { said.insert($0.description).inserted }.sorted {
                    ($0.location?.line ?? 0, $0.location?.column ?? 0) < ($1.location?.line ?? 0, $1.location?.column ?? 0)
                })
        }
        name = spec.name
        description = spec.description
        self.path = path
        directory = Paths.directory(of: path)
        seed = spec.seed
        self.profile = profile
        params = spec.params.keys.compactMap { key in
            spec.params[key].map { RunDescription.Parameter(name: key, value: $0.value, origin: $0.origin.text) }
        }
        graph = StageGraph(bound)
        groups = spec.groups
        self.expectations = expectations
        sweep = spec.sweep
        root = merged
    }
}

/// What the checks look at.
struct PipelineDraft {
    let spec: PipelineSpec
    let nodes: [StageNode]
    let file: PipelineFile

    func origin(of stage: String) -> SpecOrigin { spec.stages.first { $0.name == stage }?.origin ?? .builtIn }
}
