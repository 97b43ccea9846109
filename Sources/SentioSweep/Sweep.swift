public import SentioKit
public import SentioSpec

/// One run that a sweep wants: a setting of the parameters, and a replicate.
public struct SweepCell: Sendable, Equatable {
    public struct Parameter: Sendable, Equatable {
        public let name: String
        public let value: Value
    }

    /// The parameters as text, the same for all replicates: `ratio=0.25,ast.dim=96`.
    public let arm: String
    public let parameters: [Parameter]
    public let replicate: Int

    /// What people call it: `ratio=0.25`, with replicates `ratio=0.25 #1`.
    public func label(replicates: Int) -> String {
        replicates == 1 ? arm : arm.isEmpty ? "#\(replicate)" : "\(arm) #\(replicate)"
    }
}

/// A pipeline file with its `sweep:` block, expanded: every cell is a pipeline that has been read and checked.
///
/// Cells are in the order in which they run: all settings with replicate 0, in the order of the file, then replicate 1:
/// the whole picture comes early, and every replicate makes it sharper.
public struct Sweep: Sendable {
    /// More cells than that run only where `run_cap` says so.
    public static let unconfirmedCells = 1000

    /// The same for the same name, file, profile, `--set`, method and names of parameters. A value or a replicate more
    /// is the same sweep, of which only the new cells run.
    public let id: String
    public let name: String
    /// The file without the values of any cell.
    public let base: Pipeline
    public let spec: SweepSpec
    public let cells: [SweepCell]
    public let claims: [SweepClaim]
    /// What may not be meant, such as a parameter that changes nothing.
    public let warnings: [Diagnostic]
    /// Stages whose random numbers change with the replicate; nil: all.
    public let replicated: Set<String>?
    /// By arm, in the order of the file.
    let pipelines: [Pipeline]
    let sets: [String]

    /// The pipeline of a cell.
    public func pipeline(at index: Int) -> Pipeline { pipelines[index % pipelines.count] }

    /// The settings without their replicates.
    public var arms: [SweepCell] { Array(cells.prefix(pipelines.count)) }

    /// Whether the sweep is so large that it needs a word: a `run_cap`.
    public var needsConfirmation: Bool { cells.count > Self.unconfirmedCells && spec.runCap == nil }

    /// Reads a file with its `sweep:` block, which `options.sweep` may add to, and checks every cell.
    /// - throws: `PipelineErrors` with all that is wrong.
    public init(path: String, options: LoadOptions = LoadOptions(), registry: StageRegistry) throws {
        var file = PipelineFile()
        let root = try file.load(path, options: options)
        let base = try Pipeline(root, file: file, path: path, profile: options.profile, registry: registry)
        guard let spec = base.sweep else {
            throw PipelineErrors(
                Diagnostic(
                    "\(path) has no `sweep:` block. Write one, or name parameters and values: `--matrix name=1,2,3`."))
        }
        let settings = SweepExpansion(spec: spec, seed: spec.seed ?? base.seed).settings
        guard settings.count <= SweepSpec.maximumArms else {
            throw PipelineErrors(
                file.diagnostic(
                    "The sweep has \(settings.count) settings; the most is \(SweepSpec.maximumArms). Draw some: "
                        + "`method: sobol`.",
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

    /// The block as resolved, for the run store.
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
