/// A stage kind: what a node of the pipeline does. One file a kind, one line in the list of kinds, one test file.
///
/// The engine makes an instance per stage from its decoded parameters and hashes what can change the result. How the
/// work is done is told by one of two protocols: `Stage` does it as a whole, `ItemwiseStage` song by song.
public protocol StageKind: Sendable {
    /// The name in `uses:`, in kebab case.
    static var kind: String { get }
    /// Raise it when the numbers change: older results are then not reused.
    static var version: Int { get }
    /// One sentence for `sentio-pipeline stages`.
    static var summary: String { get }
    static var parameters: [any ParameterDefinition] { get }
    static var inputs: [InputPort] { get }
    /// The outputs of every stage of this kind; empty where they depend on the parameters (see `outputs` below).
    static var outputs: [OutputPort] { get }
    /// How it is written in a pipeline file, where that is not as usual.
    static var notation: StageNotation { get }

    /// - throws: `ConfigurationErrors` for values that do not go together; single values are checked before.
    init(_ configuration: Configuration) throws(ConfigurationErrors)

    /// The outputs of this stage.
    var outputs: [OutputPort] { get }
    /// Whether the result depends on the run's seed; only then is the seed part of the key.
    var drawsRandomNumbers: Bool { get }
    /// What the stage occupies while it runs; never part of the key.
    var resources: Resources { get }
    /// Files outside the store that the result depends on; their contents become part of the key.
    var sources: [SourceRequest] { get }
    /// Parameters by which a stage only goes on longer: `epochs`, where the state after n of them is the same however
    /// many will follow. Stages that differ in nothing else share their checkpoints, and these are kept when one has
    /// finished.
    var continuesOver: Set<String> { get }

    /// How many steps it takes as its checkpoints count them (epochs, items); nil where they do not count, or say it
    /// themselves.
    var length: Int? { get }
    /// How much there is to do with so much on the inputs, by port; sources are there by name, after `source:`. A
    /// function of parameters and amounts alone, asked before a run and after it, so it may be rough but not another
    /// each time. Nil where no law is known: then only records of the same size say what the stage takes.
    func workload(of inputs: [String: Amount]) -> Workload?
    /// How much it will leave, by port, as far as the parameters say so. What is left out goes by what it left last.
    func amounts(from inputs: [String: Amount]) -> [String: Amount]
    /// Why a result that an earlier run left, and that has this stage's key, must not be used; nil where it may. For
    /// parameters that are not part of the key but say what is acceptable.
    /// - parameter series: as the earlier run told them, by name.
    func objection(to series: [String: [SeriesPoint]]) -> String?

    /// How the work is done.
    var execution: StageExecution { get }
}

extension StageKind {
    public static var notation: StageNotation { StageNotation() }
    public var outputs: [OutputPort] { Self.outputs }
    public var drawsRandomNumbers: Bool { false }
    public var resources: Resources { Resources() }
    public var sources: [SourceRequest] { [] }
    public var continuesOver: Set<String> { [] }
    public var length: Int? { nil }
    public func workload(of inputs: [String: Amount]) -> Workload? { nil }
    public func amounts(from inputs: [String: Amount]) -> [String: Amount] { [:] }
    public func objection(to series: [String: [SeriesPoint]]) -> String? { nil }
}

/// A stage kind that does its work as a whole.
///
/// The engine calls `run` only when no record answers for the stage. A kind reads through its context and writes
/// through its context; it never caches, never prints and never touches the workspace's folders.
public protocol Stage: StageKind {
    /// Does the work. Called on a thread of its own; may block.
    func run(_ context: StageContext) throws
}

extension Stage {
    public var execution: StageExecution { .whole(self) }
}

/// How a stage's work is done.
public enum StageExecution: Sendable {
    case whole(any Stage)
    case itemwise(any ItemwiseStage)

    /// Nil for a stage that works as a whole.
    public var itemwise: (any ItemwiseStage)? { if case .itemwise(let stage) = self { stage } else { nil } }
}

/// How a kind is written in a pipeline file.
public struct StageNotation: Sendable {
    /// What `in:` may connect beside the kind's own inputs.
    public enum FurtherInputs: Sendable {
        case none
        /// Under any name, of one of these types.
        case of([ArtifactType])
        /// Under any name, of any type.
        case any
    }

    public var furtherInputs: FurtherInputs
    /// Whether parameters stand at the stage itself and not under `with:` (`command` does, as in DVC).
    public var parametersAtStage: Bool

    public init(furtherInputs: FurtherInputs = .none, parametersAtStage: Bool = false) {
        self.furtherInputs = furtherInputs
        self.parametersAtStage = parametersAtStage
    }

    public var takesFurtherInputs: Bool { if case .none = furtherInputs { false } else { true } }
    /// Empty: anything.
    public var furtherTypes: [ArtifactType] { if case .of(let types) = furtherInputs { types } else { [] } }
}
