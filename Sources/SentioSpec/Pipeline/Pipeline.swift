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
    /// The profiles of the file and of those that it extends, in their order.
    public let profiles: [RunDescription.Profile]
    public let params: [RunDescription.Parameter]
    public let graph: StageGraph
    public let expectations: [ExpectationClause]
    /// What it is about; nil where no stage is known to score.
    public let headline: RunHeadline?
    /// What the file named under `claims:` says; it enters no key.
    public let claims: PublishedClaims?
    /// The `sweep:` block, which `run` leaves alone.
    public let sweep: SweepSpec?
    /// The groups of the file; their stages are in `graph`.
    let groups: [PipelineGroup]
    let root: SpecNode
    /// Values of parameters that are secret by their names: they reach commands, and are never shown or stored.
    public let secrets: Secrets
    /// What is fine to run and still to be said before it runs.
    public let warnings: [String]

    /// Reads and checks a pipeline file.
    /// - throws: `PipelineErrors` with all that is wrong, in the order of the file.
    public init(path: String, options: LoadOptions = LoadOptions(), registry: StageRegistry) throws {
        var file = PipelineFile()
        let merged = try file.load(path, options: options)
        try self.init(merged, file: file, path: path, profile: options.profile, registry: registry)
    }

    /// Checks and binds a file that has been read.
    /// - throws: `PipelineErrors`.
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
        // What a clause says of a stage or group with a fault cannot be judged, and the fault has been told.
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
        profiles = file.profiles
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
