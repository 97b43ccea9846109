/// A stage kind: what a node of the pipeline does. One file a kind, one line in the list of kinds, one test file.
///
/// The engine makes an instance per stage from its decoded parameters, hashes what can change the result, and calls
/// `run` only when no record answers for it. A kind reads through its context and writes through its context; it never
/// caches, never prints and never touches the workspace's folders.
public protocol Stage: Sendable {
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
    /// Whether `in:` may name ports that are not in `inputs` (`command` does).
    static var acceptsAnyInput: Bool { get }
    /// What an input that is not in `inputs` takes; empty: anything.
    static var anyInputTypes: [ArtifactType] { get }
    /// Whether parameters stand at the stage itself and not under `with:` (`command` does, as in DVC).
    static var hasParametersAtStageLevel: Bool { get }

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
    /// Parameters by which a stage only goes on longer: `epochs`, where the state after n of them is the same however many
    /// will follow. Stages that differ in nothing else share their checkpoints, and these are kept when one has finished.
    var continuesOver: Set<String> { get }

    /// How many steps it takes as its checkpoints count them (epochs, items); nil where they do not count, or say it themselves.
    var length: Int? { get }
    /// How much there is to do with so much on the inputs, by port; sources are there by name, after `source:`. A function of
    /// parameters and amounts alone, asked before a run and after it, so it may be rough but not another each time. Nil where
    /// no law is known: then only records of the same size say what the stage takes.
    func workload(of inputs: [String: Amount]) -> Workload?
    /// How much it will leave, by port, as far as the parameters say so. What is left out goes by what it left last.
    func amounts(from inputs: [String: Amount]) -> [String: Amount]
    /// Why a result that an earlier run left, and that has this stage's key, must not be used; nil where it may. For
    /// parameters that are not part of the key but say what is acceptable.
    /// - parameter series: as the earlier run told them, by name.
    func objection(to series: [String: [SeriesPoint]]) -> String?

    /// Does the work. Called on a thread of its own; may block.
    func run(_ context: StageContext) throws
}

extension Stage {
    public static var acceptsAnyInput: Bool { false }
    public static var anyInputTypes: [ArtifactType] { [] }
    public static var hasParametersAtStageLevel: Bool { false }
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

/// What a stage occupies while it runs.
public struct Resources: Sendable, Equatable {
    /// Cores wanted; the scheduler gives at least one and never more than `--jobs`.
    public var cores: Cores

    public enum Cores: Sendable, Equatable {
        case exactly(Int)
        /// All that `--jobs` allows: training stages, and stages of many items.
        case all
    }

    /// Whether it starts only when it has them all, not with those that are free: for what gives other last bits with another
    /// number of threads, so that a run does not depend on what ran beside it, nor a resumed training on when it was stopped.
    public var waitsForCores: Bool

    public init(cores: Cores = .exactly(1), waitsForCores: Bool = false) {
        self.cores = cores
        self.waitsForCores = waitsForCores
    }
}

/// A file or folder outside the store that a stage depends on.
public struct SourceRequest: Sendable, Equatable {
    public enum Form: Sendable, Equatable {
        case file
        /// All regular files below a folder whose extension (lower case) is in the set; nil: all files.
        case folder(extensions: Set<String>?)
        /// A file, or, where the path is a folder on disk, all regular files below it.
        case fileOrFolder
        /// Single values of a YAML or JSON file, by dotted keys; the rest of the file does not count.
        case values(keys: [String])
    }

    /// How the stage asks for it: `context.sourceFiles("annotations")`. Part of the key.
    public let name: String
    /// Relative to the folder of the pipeline file, or absolute. Never part of the key.
    public let path: String
    public let form: Form
    public let isOptional: Bool
    /// A folder above `path` whose `.sentioignore` counts too: a dataset's, for its `audio`.
    public let ignoreRoot: String?

    public init(_ name: String, path: String, form: Form = .file, isOptional: Bool = false, ignoreRoot: String? = nil) {
        self.name = name
        self.path = path
        self.form = form
        self.isOptional = isOptional
        self.ignoreRoot = ignoreRoot
    }
}

/// Something below a requested source that is no file, and why it was left out.
public struct LeftOutFile: Sendable, Equatable {
    /// Relative to the requested folder; for a file its own name. What is not UTF-8 stands there as `\xE9`.
    public let name: String
    /// The end of a sentence about it: `is a link to nothing (its target x does not exist)`.
    public let problem: String

    public init(name: String, problem: String) {
        self.name = name
        self.problem = problem
    }

    public var sentence: String { "\(name) \(problem)" }
}

/// A file that answered a `SourceRequest`.
public struct SourceFile: Sendable, Equatable {
    /// Relative to the requested folder; for a file its own name.
    public let name: String
    public let path: String
    public let blob: BlobReference

    public init(name: String, path: String, blob: BlobReference) {
        self.name = name
        self.path = path
        self.blob = blob
    }
}
