public import SentioKit

/// A pipeline that was read, checked and bound: ready to plan and run.
public struct Pipeline: Sendable {
    /// `pipeline:`, else the name of the file without its extension.
    public let name: String
    /// `description:`.
    public let description: String?
    /// The path of the file, as given.
    public let path: String
    /// The folder that relative paths in the file start from.
    public let directory: String
    /// `seed:`, default 0.
    public let seed: Int
    /// The profile that was applied; nil: none.
    public let profile: String?
    /// Resolved params, secrets masked.
    public let params: [RunDescription.Parameter]
    /// The bound stages.
    public let graph: StageGraph
    /// The lines of `expect:`.
    public let expectations: [ExpectationClause]
    /// What it is about; nil if no stage is known to score.
    public let headline: RunHeadline?
    /// Content of the file under `claims:`. Not part of any key.
    public let claims: PublishedClaims?
    /// The `sweep:` block, which `run` ignores.
    public let sweep: SweepSpec?
    /// The groups of the file; their stages are in `graph`.
    let groups: [PipelineGroup]
    let root: SpecNode
    /// Values of parameters whose names mark them as secret: commands receive them, but they are never shown or stored.
    public let secrets: Secrets
    /// Warnings to show before a run.
    public let warnings: [String]

    /// Reads and checks a pipeline file.
    /// - Throws: `PipelineErrors` with all faults, in the order of the file.
    public init(path: String, options: LoadOptions = LoadOptions(), registry: StageRegistry) throws {
        var file = PipelineFile()
        let merged = try file.load(path, options: options)
        try self.init(merged, file: file, path: path, profile: options.profile, registry: registry)
    }

    /// Checks and binds a file that was read.
    /// - Throws: `PipelineErrors`.
    package init(_ merged: SpecNode, file: PipelineFile, path: String, profile: String?, registry: StageRegistry) throws
    {
        var decoder = SpecDecoder(file: file, path: path, registry: registry)
        let spec = decoder.decode(merged)
        var binder = Binder(spec: spec, file: file, path: path, registry: registry)
        var bound = binder.bind()
        var problems = file.problems + decoder.problems + binder.problems
        let draft = PipelineDraft(
            spec: spec, nodes: bound, edges: binder.edges, file: file, directory: Paths.directory(of: path))
        for check in PipelineChecks.all { problems += check.problems(in: draft) }
        // A clause about a stage or group with a reported fault cannot be checked.
        let lost = problems.isEmpty ? [] : spec.stagesWithout(bound.map(\.name))
        let expectations = ExpectationClause.parse(
            spec.expectations.filter { !$0.names(lost) }, stages: Set(spec.stages.map(\.name)).union(spec.brokenGroups),
            measures: registry.measures,
            report: file.diagnostic, problems: &problems)
        let declared = spec.headline.flatMap {
            $0.names(lost)
                ? nil
                : HeadlineClause.parse(
                    $0, nodes: bound, measures: registry.measures, report: file.diagnostic, problems: &problems)
        }
        guard problems.isEmpty else {
            var said: Set<String> = []
            throw PipelineErrors(
                problems.filter { said.insert($0.description).inserted }.sorted { left, right in
                    let files = [left, right].map { file.rank(of: $0, in: path) }
                    return (files[0], left.location?.line ?? 0, left.location?.column ?? 0)
                        < (files[1], right.location?.line ?? 0, right.location?.column ?? 0)
                })
        }
        let secrets = spec.secrets
        self.secrets = secrets
        warnings = spec.secretWarnings
        name = spec.name
        description = spec.description
        self.path = path
        directory = Paths.directory(of: path)
        seed = spec.seed
        self.profile = profile
        params = spec.params.keys.compactMap { key in
            spec.params[key].map {
                RunDescription.Parameter(name: key, value: secrets.masked($0.value, of: key), origin: $0.origin.text)
            }
        }
        if !secrets.isEmpty { for index in bound.indices { bound[index].secrets = secrets } }
        graph = StageGraph(bound)
        groups = spec.groups
        self.expectations = expectations
        headline = declared ?? HeadlineClause.chosen(bound, graph, expectations: expectations)
        claims = file.claims
        sweep = spec.sweep
        root = merged
    }
}
