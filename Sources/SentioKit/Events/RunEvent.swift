/// What happens during a run. The terminal, `--json`, the run store and the report are all driven by these events.
public enum RunEvent: Sendable {
    case runStarted(RunDescription)
    case stageStarted(StageStart)
    case stageProgress(StageProgress)
    case stageLog(stage: String, line: String)
    /// A message that the user should see; `stage` is nil if it is about the run as a whole.
    case warning(stage: String?, sentence: String)
    case metric(stage: String, name: String, value: Double)
    case series(stage: String, name: String, step: Int, value: Double)
    case stageFinished(StageOutcome)
    case expectation(Expectation)
    case runFinished(RunOutcome)
}

/// Receives the events of a run in order, one at a time.
public protocol RunEventSink: Sendable {
    /// Handles one event. Must return quickly: the run waits for it.
    func receive(_ event: RunEvent)
}

/// Everything about a run that is known when it starts.
public struct RunDescription: Sendable, Equatable {
    /// A parameter of the pipeline, its resolved value, and where the value comes from.
    public struct Parameter: Sendable, Equatable {
        /// Name of the parameter: `epochs`.
        public let name: String
        /// Its resolved value.
        public let value: Value
        /// `phase1.yaml:5`, `--set`, `profile demo (phase1.yaml:9)`.
        public let origin: String

        /// A parameter as resolved.
        public init(name: String, value: Value, origin: String) {
            self.name = name
            self.value = value
            self.origin = origin
        }
    }

    /// Sortable by time: `20261123-031522-4f2a`.
    public var id: String
    /// Name of the pipeline.
    public var pipeline: String
    /// Path of the pipeline file.
    public var file: String
    /// The name given by `--name`.
    public var name: String?
    /// The profile given by `--profile`.
    public var profile: String?
    /// Seed of the run.
    public var seed: Int
    /// Number of the replicate, from 0.
    public var replicate: Int
    /// Resolved parameters of the pipeline.
    public var parameters: [Parameter]
    /// Tags given by `--tag`.
    public var tags: [String: String]
    /// The command line that started the run, secrets masked.
    public var arguments: [String]
    /// host, system, processor, cores, memory_bytes, sentio_version, swift_version, git_commit, git_dirty…
    public var environment: [String: Value]
    /// Seconds since 1970.
    public var startedAt: Double
    /// Id of the process that coordinates the run.
    public var processID: Int
    /// Stages in execution order.
    public var stages: [Stage]
    /// The run's place in a sweep; nil outside sweeps.
    public var sweep: SweepPlace?
    /// What the run is about; nil if no stage is known to score.
    public var headline: RunHeadline?
    /// The content of the file under `claims:`; nil if the pipeline names none.
    public var claims: PublishedClaims?
    /// The profiles of the pipeline file.
    public var profiles: [Profile] = []
    /// What the run is foreseen to do; nil if nobody asked.
    public var outlook: Outlook?

    /// A run's place in a sweep. The replicate is that of the run.
    public struct SweepPlace: Sendable, Equatable {
        /// The sweep's id.
        public let id: String
        /// The swept parameters as text: `ratio=0.25`.
        public let arm: String

        /// The place of one run.
        public init(id: String, arm: String) {
            self.id = id
            self.arm = arm
        }
    }

    /// A stage of the run.
    public struct Stage: Sendable, Equatable {
        /// Unique in the run.
        public let name: String
        /// Name of its kind: `mel-extract`.
        public let kind: String
        /// Names of the stages it waits for.
        public let after: [String]
        /// The common name of the copies of a group's stage: `cv.ridge@fold=*`; nil for a stage without copies.
        public let row: String?
        /// The name of the group that the stage belongs to; nil for none.
        public let group: String?

        /// A stage that waits for the stages `after`.
        public init(name: String, kind: String, after: [String], row: String? = nil, group: String? = nil) {
            self.name = name
            self.kind = kind
            self.after = after
            self.row = row
            self.group = group
        }
    }

    /// A run without parameters, tags or stages unless they are given.
    public init(
        id: String, pipeline: String, file: String, name: String? = nil, profile: String? = nil, seed: Int,
        replicate: Int = 0,
        parameters: [Parameter] = [], tags: [String: String] = [:], arguments: [String] = [],
        environment: [String: Value] = [:],
        startedAt: Double, processID: Int, stages: [Stage] = [], sweep: SweepPlace? = nil, headline: RunHeadline? = nil,
        claims: PublishedClaims? = nil
    ) {
        self.id = id
        self.pipeline = pipeline
        self.file = file
        self.name = name
        self.profile = profile
        self.seed = seed
        self.replicate = replicate
        self.parameters = parameters
        self.tags = tags
        self.arguments = arguments
        self.environment = environment
        self.startedAt = startedAt
        self.processID = processID
        self.stages = stages
        self.sweep = sweep
        self.headline = headline
        self.claims = claims
    }
}

/// A stage that starts to work. Cached stages only finish.
public struct StageStart: Sendable, Equatable {
    /// Name of the stage.
    public let stage: String
    /// Name of its kind.
    public let kind: String
    /// Why it is not cached.
    public let reason: RunReason
    /// Estimated duration in seconds, from the records of its kind; nil if unknown.
    public let expectedSeconds: Double?
    /// Range of the durations in those records, in seconds.
    public let expectedRange: ClosedRange<Double>?
    /// Where it resumes if an earlier attempt left a checkpoint: `resumes from epoch 78 of 100`.
    public let resumption: String?

    /// The start of a stage, by default without an estimate.
    public init(
        stage: String, kind: String, reason: RunReason, expectedSeconds: Double? = nil,
        expectedRange: ClosedRange<Double>? = nil,
        resumption: String? = nil
    ) {
        self.expectedRange = expectedRange
        self.resumption = resumption
        self.stage = stage
        self.kind = kind
        self.reason = reason
        self.expectedSeconds = expectedSeconds
    }
}

/// How far a stage is, in items or in a unit of its own, such as epochs.
public struct StageProgress: Sendable, Equatable {
    /// Name of the stage.
    public let stage: String
    /// Units done so far.
    public let done: Int
    /// Units in all.
    public let total: Int
    /// More about the progress, such as the current loss; may be empty.
    public let note: String

    /// Progress of one stage.
    public init(stage: String, done: Int, total: Int, note: String = "") {
        self.stage = stage
        self.done = done
        self.total = total
        self.note = note
    }
}

/// How a stage ended: it ran, its result was in the cache, it failed, or a stage that it depends on failed.
public enum StageState: String, Sendable {
    case executed, cached, failed, skipped
}

/// What happened to the items of an item-wise stage.
public struct ItemCounts: Sendable, Equatable {
    /// All items.
    public var total: Int
    /// Items that were computed in this run.
    public var executed: Int
    /// Items found in the cache.
    public var cached: Int
    /// Items that failed.
    public var failed: Int
    /// What went wrong with each item that failed, by its id; empty for a stage that was not executed in this run.
    public var failures: [String: String] = [:]

    /// Counts of one stage in one run.
    public init(total: Int, executed: Int = 0, cached: Int = 0, failed: Int = 0) {
        self.total = total
        self.executed = executed
        self.cached = cached
        self.failed = failed
    }
}

/// How a stage ended.
public struct StageOutcome: Sendable, Equatable {
    /// Name of the stage.
    public var stage: String
    /// Name of its kind.
    public var kind: String
    /// How it ended.
    public var state: StageState
    /// Why it ran; nil if it was cached or skipped.
    public var reason: RunReason?
    /// nil if it ended before its inputs were known.
    public var key: StageKey?
    /// Wall-clock seconds that this run spent on it.
    public var seconds: Double
    /// nil for kinds that are not item-wise.
    public var items: ItemCounts?
    /// Artifact hash by port.
    public var outputs: [String: ContentHash]
    /// Artifact hash by port.
    public var inputs: [String: ContentHash]
    /// Decoded parameters with their defaults.
    public var configuration: [String: Value]
    /// Metrics by name, such as `test.ccc`.
    public var metrics: [String: Double]
    /// Points by series name; replayed for cached stages too.
    public var series: [String: [SeriesPoint]]
    /// Why it failed or was skipped; nil for other stages.
    public var message: String?
    /// Warnings about the result, repeated if the result comes from the cache.
    public var warnings: [String] = []
    /// It failed because of leakage.
    public var isLeakage: Bool
    /// It failed because another process holds its lock and the run was told not to wait.
    public var isLockFailure = false
    /// A stage of the same run that does the same work and whose result this stage uses; nil if it ran itself, or if
    /// the result existed before the run.
    public var sharedWith: String?
    /// For a skipped stage: the failed stages that it depends on, directly or indirectly.
    public var blockers: [String] = []

    /// Everything that is not given stays empty.
    public init(
        stage: String, kind: String, state: StageState, reason: RunReason? = nil, key: StageKey? = nil,
        seconds: Double = 0,
        items: ItemCounts? = nil, outputs: [String: ContentHash] = [:], inputs: [String: ContentHash] = [:],
        configuration: [String: Value] = [:], metrics: [String: Double] = [:], series: [String: [SeriesPoint]] = [:],
        message: String? = nil, isLeakage: Bool = false
    ) {
        self.stage = stage
        self.kind = kind
        self.state = state
        self.reason = reason
        self.key = key
        self.seconds = seconds
        self.items = items
        self.outputs = outputs
        self.inputs = inputs
        self.configuration = configuration
        self.metrics = metrics
        self.series = series
        self.message = message
        self.isLeakage = isLeakage
    }
}

/// One point of a metric series, such as the loss after an epoch.
public struct SeriesPoint: Sendable, Equatable {
    /// The x-axis: an epoch, a step.
    public let step: Int
    /// The y-axis.
    public let value: Double

    /// A point at a step.
    public init(step: Int, value: Double) {
        self.step = step
        self.value = value
    }
}

/// A line of `expect:` and whether it holds.
public struct Expectation: Sendable, Equatable {
    /// The line as the pipeline has it: `score.test.ccc >= 0.60`.
    public let text: String
    /// False also if the line could not be checked.
    public let holds: Bool
    /// The value of the metric, or why the line could not be checked.
    public let evidence: String

    /// A checked line.
    public init(text: String, holds: Bool, evidence: String) {
        self.text = text
        self.holds = holds
        self.evidence = evidence
    }
}

/// Where a run stands. `interrupted` includes runs whose process is gone.
public enum RunStatus: String, Sendable {
    case running, succeeded, failed, interrupted
}

/// How a run ended.
public struct RunOutcome: Sendable, Equatable {
    /// Id of the run.
    public var run: String
    /// Status by the stages alone: failed expectations do not count (`RunEnding`).
    public var status: RunStatus
    /// Wall-clock seconds.
    public var seconds: Double
    /// The stages that the run was to settle, in execution order.
    public var stages: [StageOutcome]
    /// Lines of `expect:` that were checked.
    public var expectations: [Expectation]
    /// Lines of `expect:` that were not checked because their stages were left out or the run was interrupted.
    public var unchecked: [String] = []
    /// nil if no stage is known to score.
    public var headline: RunHeadline?
    /// The song-by-song comparison of the headline with its baseline, in a sentence; nil if there is no baseline.
    public var verdict: String?

    /// An ending, by default without expectations.
    public init(
        run: String, status: RunStatus, seconds: Double, stages: [StageOutcome], expectations: [Expectation] = []
    ) {
        self.run = run
        self.status = status
        self.seconds = seconds
        self.stages = stages
        self.expectations = expectations
    }
}
