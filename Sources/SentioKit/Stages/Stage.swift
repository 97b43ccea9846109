/// A stage kind: what a node of the pipeline does. One file per kind, one line in the list of kinds, one test file.
///
/// The engine creates one instance per stage from its decoded parameters, and hashes what can change the result. A kind
/// conforms to one of two protocols: a `Stage` does its work as a whole, an `ItemwiseStage` song by song.
///
/// Parameters and ports are constants of the kind, declared once. Everything else names them by these constants:
/// `configuration[Self.alpha]`, `context.table(Self.labels)`.
public protocol StageKind: Sendable {
    /// The name in `uses:`, in kebab case.
    static var kind: String { get }
    /// Raise it when the numbers change, so that older results are not reused.
    static var version: Int { get }
    /// One sentence for `sentio-pipeline stages`.
    static var summary: String { get }
    /// What may be set under `with:`, in the order in which it is documented.
    static var parameters: [any ParameterDefinition] { get }
    /// What may be connected under `in:`; `notation` says whether anything else may be.
    static var inputs: [InputPort] { get }
    /// The outputs of every stage of this kind; empty where they depend on the parameters (see `outputs` below).
    static var outputs: [OutputPort] { get }
    /// Where the kind departs from the usual form of a stage in a pipeline file.
    static var notation: StageNotation { get }
    /// What becomes of a stage of this kind when a model behind it rates new songs.
    static var application: Application { get }

    /// Creates a stage.
    /// - Throws: `ConfigurationErrors` for values that contradict each other; single values are checked before.
    init(_ configuration: Configuration) throws(ConfigurationErrors)

    /// The outputs of this stage.
    var outputs: [OutputPort] { get }
    /// Whether the result depends on the run's seed; only then is the seed part of the key.
    var drawsRandomNumbers: Bool { get }
    /// What the stage occupies while it runs; never part of the key.
    var resources: Resources { get }
    /// Files outside the store that the result depends on; their contents become part of the key.
    var sources: [SourceRequest] { get }
    /// Parameters that only decide how long a stage goes on: `epochs`, where the state after n of them is the same
    /// however many follow. Stages that differ in nothing else share their checkpoints, which are kept when one of them
    /// finishes.
    var continuesOver: Set<String> { get }

    /// The number of steps as the checkpoints count them (epochs, items); nil where they do not count, or give the
    /// total themselves.
    var length: Int? { get }
    /// How much work the given inputs and sources mean. It depends on the parameters and the amounts alone: it is asked
    /// for before and after a run, so it may be rough but must not change in between. Nil where no law is known: then
    /// only records of the same size tell how long the stage takes.
    func workload(of inputs: PortMap<Amount>) -> Workload?
    /// How much the stage will write, as far as the parameters determine it. Outputs that are left out are estimated
    /// from what the stage wrote last.
    func amounts(from inputs: PortMap<Amount>) -> [OutputPort: Amount]
    /// Why an earlier result with this stage's key must not be used; nil where it may. For parameters that are not part
    /// of the key but say what is acceptable.
    /// - Parameter series: The series that the earlier run recorded, by name.
    func objection(to series: [String: [SeriesPoint]]) -> String?

    /// How the work is done.
    var execution: StageExecution { get }
}

extension StageKind {
    /// The usual form.
    public static var notation: StageNotation { StageNotation() }
    /// It cannot take part.
    public static var application: Application { .none }
    /// Those of the kind.
    public var outputs: [OutputPort] { Self.outputs }
    /// No.
    public var drawsRandomNumbers: Bool { false }
    /// One core.
    public var resources: Resources { Resources() }
    /// None.
    public var sources: [SourceRequest] { [] }
    /// None.
    public var continuesOver: Set<String> { [] }
    /// Unknown.
    public var length: Int? { nil }
    /// Unknown.
    public func workload(of inputs: PortMap<Amount>) -> Workload? { nil }
    /// Unknown.
    public func amounts(from inputs: PortMap<Amount>) -> [OutputPort: Amount] { [:] }
    /// None.
    public func objection(to series: [String: [SeriesPoint]]) -> String? { nil }
}

/// A stage kind that does its work as a whole.
///
/// The engine calls `run` only when the cache has no result for the stage. A kind reads and writes through its context;
/// it never caches, never prints and never touches the workspace's folders.
public protocol Stage: StageKind {
    /// Does the work. Called on a thread of its own; may block.
    func run(_ context: StageContext) throws
}

extension Stage {
    /// As a whole.
    public var execution: StageExecution { .whole(self) }
}

/// How a stage's work is done.
public enum StageExecution: Sendable {
    case whole(any Stage)
    case itemwise(any ItemwiseStage)

    /// The stage, where it works song by song; nil where it works as a whole.
    public var itemwise: (any ItemwiseStage)? { if case .itemwise(let stage) = self { stage } else { nil } }
}

/// How a kind is written in a pipeline file.
public struct StageNotation: Sendable {
    /// What `in:` may connect besides the kind's own inputs.
    public enum FurtherInputs: Sendable {
        case none
        /// Under any name, of one of these types.
        case of([ArtifactType])
        /// Under any name, of any type.
        case any
    }

    /// What `in:` may connect besides the kind's own inputs. Such a kind finds them by `StageContext.connectedInputs`.
    public var furtherInputs: FurtherInputs
    /// Whether parameters stand at the stage itself and not under `with:` (`command` does, as in DVC).
    public var parametersAtStage: Bool

    /// By default no further inputs, and parameters under `with:`.
    public init(furtherInputs: FurtherInputs = .none, parametersAtStage: Bool = false) {
        self.furtherInputs = furtherInputs
        self.parametersAtStage = parametersAtStage
    }

    /// Whether `in:` may connect anything besides the kind's own inputs.
    public var takesFurtherInputs: Bool { if case .none = furtherInputs { false } else { true } }
    /// The types of further inputs; empty: any.
    public var furtherTypes: [ArtifactType] { if case .of(let types) = furtherInputs { types } else { [] } }
}
