public import SentioKit
public import SentioSpec

/// One run of a sweep: a setting of the parameters, and a replicate.
public struct SweepCell: Sendable, Equatable {
    /// A swept parameter and its value in the cell.
    public struct Parameter: Sendable, Equatable {
        /// `ratio`, or `ast.learning_rate`.
        public let name: String
        /// Its value.
        public let value: Value
    }

    /// The parameters as text, the same for all replicates: `ratio=0.25,ast.dim=96`.
    public let arm: String
    /// In the order of the file.
    public let parameters: [Parameter]
    /// From 0.
    public let replicate: Int

    /// Its name in messages: `ratio=0.25`, or `ratio=0.25 #1` if there are replicates.
    public func label(replicates: Int) -> String {
        replicates == 1 ? arm : arm.isEmpty ? "#\(replicate)" : "\(arm) #\(replicate)"
    }
}

/// An expanded pipeline file with a `sweep:` block: every cell is a pipeline that was read and checked.
///
/// Cells are in the order in which they run: all settings with replicate 0, in the order of the file, then replicate 1,
/// and so on. This gives a complete picture early, and every replicate refines it.
public struct Sweep: Sendable {
    /// A sweep with more cells runs only if it has a `run_cap`.
    public static let unconfirmedCells = 1000

    /// Depends on name, file, profile, `--set`, method and names of parameters. Additional values or replicates leave
    /// it the same, and only the new cells run.
    public let id: String
    /// From the `sweep:` block, else that of the pipeline.
    public let name: String
    /// The pipeline without the values of a cell.
    public let base: Pipeline
    /// The `sweep:` block with the options of the command line.
    public let spec: SweepSpec
    /// All runs that the sweep consists of.
    public let cells: [SweepCell]
    /// The lines of its `expect:`.
    public let claims: [SweepClaim]
    /// Probable mistakes, such as replicates that change nothing.
    public let warnings: [Diagnostic]
    /// Stages whose random numbers change with the replicate; nil: all.
    let replicated: Set<String>?
    /// One for each arm, in the order of the file.
    let pipelines: [Pipeline]
    let sets: [String]

    /// The pipeline of a cell.
    public func pipeline(at index: Int) -> Pipeline { pipelines[index % pipelines.count] }

    /// One cell for each setting.
    public var arms: [SweepCell] { Array(cells.prefix(pipelines.count)) }

    /// Whether it is so large that it runs only with a `run_cap`.
    public var needsConfirmation: Bool { cells.count > Self.unconfirmedCells && spec.runCap == nil }

    /// Reads a file with its `sweep:` block, which `options.sweep` overrides, and checks every cell.
    /// - Throws: `PipelineErrors` with all faults.
    public init(path: String, options: LoadOptions = LoadOptions(), registry: StageRegistry) throws {
        var file = PipelineFile()
        let root = try file.load(path, options: options)
        let base = try Pipeline(root, file: file, path: path, profile: options.profile, registry: registry)
        guard let spec = base.sweep else {
            throw PipelineErrors(
                Diagnostic(
                    "\(path) has no `sweep:` block. Add one, or give parameters and values: `--matrix name=1,2,3`."))
        }
        let settings = SweepExpansion(spec: spec, seed: spec.seed ?? base.seed).settings
        guard settings.count <= SweepSpec.maximumArms else {
            throw PipelineErrors(
                file.diagnostic(
                    "The sweep has \(settings.count) settings; the limit is \(SweepSpec.maximumArms). Draw some of "
                        + "them with `method: sobol` and `run_cap:`.",
                    at: spec.origin))
        }
        var problems: [Diagnostic] = [], pipelines: [Pipeline] = []
        for setting in settings where problems.count < 20 {
            do {
                let own = try file.cell(setting, of: root)
                pipelines.append(
                    try Pipeline(own, file: file, path: path, profile: options.profile, registry: registry))
            } catch let errors as PipelineErrors {
                problems += errors.diagnostics.filter { !problems.contains($0) }
            }
        }
        guard problems.isEmpty else { throw PipelineErrors(problems) }
        let arms = settings.map { setting in
            (
                arm: SweepSetting.arm(setting),
                parameters: setting.map { SweepCell.Parameter(name: $0.name, value: $0.value) }
            )
        }
        cells = (0..<spec.replicates.count).flatMap { replicate in
            arms.map { SweepCell(arm: $0.arm, parameters: $0.parameters, replicate: replicate) }
        }
        let draft = SweepDraft(
            base: base, spec: spec, settings: settings, pipelines: pipelines, file: file,
            isNarrowed: !options.sweep.matrix.isEmpty)
        replicated = try draft.replicated()
        try draft.checkMetric()
        try draft.checkParameters()
        let parsed = try SweepClaim.parse(spec.expectations, draft, cells: cells, measures: registry.measures)
        claims = parsed.claims
        warnings = draft.warnings(replicated: replicated) + parsed.warnings
        name = spec.name ?? base.name
        id = name + "-" + Self.fingerprint(base, spec, path: path, options: options)
        sets = options.sets
        self.base = base
        self.spec = spec
        self.pipelines = pipelines
    }

    private static func fingerprint(_ base: Pipeline, _ spec: SweepSpec, path: String, options: LoadOptions) -> String {
        let identity: Value = [
            "pipeline": .string(base.name), "file": .string(path.split(separator: "/").last.map(String.init) ?? path),
            "profile": options.profile.map(Value.string) ?? .null,
            "set": .list(options.sets.sorted().map(Value.string)),
            "method": .string(spec.method.rawValue), "parameters": .list(spec.names.sorted().map(Value.string)),
        ]
        return String(Hashing.content(JSON.text(identity)).hex.prefix(6))
    }

    /// The resolved block, for the run store.
    public var description: Value {
        var fields: [String: Value] = [
            "method": .string(spec.method.rawValue), "parameters": .map(parameters),
            "set": .list(sets.map { .string(Secrets.masked(argument: $0)) }),
            "replicates": .map([
                "count": .int(spec.replicates.count),
                "seeds": spec.replicates.seeds.map { .list($0.map(Value.string)) } ?? .null,
            ]),
            "expect": .list(claims.map { .string($0.text) }),
        ]
        if let metric = spec.metric {
            fields["metric"] = ["name": .string(metric.name), "goal": .string(metric.goal.rawValue)]
        }
        if let cap = spec.runCap { fields["run_cap"] = .int(cap) }
        if let seed = spec.seed { fields["seed"] = .int(seed) }
        return .map(fields)
    }

    private var parameters: [String: Value] {
        guard spec.method != .list else {
            return Dictionary(
                spec.names.map { name in
                    (name, ["values": .list(arms.compactMap { $0.parameters.first { $0.name == name }?.value })])
                },
                uniquingKeysWith: { first, _ in first })
        }
        return Dictionary(spec.parameters.map { ($0.name, $0.description) }, uniquingKeysWith: { first, _ in first })
    }
}

extension SweepParameter {
    var description: Value {
        switch domain {
        case .values(let values): return ["values": .list(values)]
        case .range(let range):
            var fields: [String: Value] = [
                "min": .double(range.low), "max": .double(range.high),
                "distribution": .string(range.distribution.rawValue),
            ]
            if let step = range.step { fields["q"] = .double(step) }
            return .map(fields)
        }
    }
}
