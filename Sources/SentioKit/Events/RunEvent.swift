/// What happens during a run. Everything that looks feeds on these: the terminal, `--json`, the run store, a report.
public enum RunEvent: Sendable {
    case runStarted(RunDescription)
    case stageStarted(StageStart)
    case stageProgress(StageProgress)
    case stageLog(stage: String, line: String)
    /// A sentence that the user should see; `stage` is nil for the run as a whole.
    case warning(stage: String?, sentence: String)
    case metric(stage: String, name: String, value: Double)
    case series(stage: String, name: String, step: Int, value: Double)
    case stageFinished(StageOutcome)
    case expectation(Expectation)
    case runFinished(RunOutcome)
}

/// Receives events, in order, from one place. Must return quickly.
public protocol RunEventSink: Sendable {
    func receive(_ event: RunEvent)
}

/// What a run is, known when it starts.
public struct RunDescription: Sendable, Equatable {
    /// A parameter of the pipeline as resolved, and where its value came from.
    public struct Parameter: Sendable, Equatable {
        public let name: String
        public let value: Value
        /// `phase1.yaml:5`, `--set`, `profile demo (phase1.yaml:9)`.
        public let origin: String

        public init(name: String, value: Value, origin: String) {
            self.name = name
            self.value = value
            self.origin = origin
        }
    }

    /// Sortable by time: `20261123-031522-4f2a`.
    public var id: String
    public var pipeline: String
    public var file: String
    public var name: String?
    public var profile: String?
    public var seed: Int
    public var replicate: Int
    public var parameters: [Parameter]
    public var tags: [String: String]
    public var arguments: [String]
    /// host, system, processor, cores, memory_bytes, sentio_version, swift_version, git_commit, git_dirty…
    public var environment: [String: Value]
    /// Seconds since 1970.
    public var startedAt: Double
    public var processID: Int
    /// Stage names in execution order with their kinds.
    public var stages: [Stage]
    /// The cell of a sweep that this run is; nil for a run by itself.
    public var sweep: SweepPlace?
    /// nil where no stage is known to score.
    public var headline: RunHeadline?
    /// What the pipeline names under `claims:`; nil where it names nothing.
    public var claims: PublishedClaims?

    /// A run's place in a sweep; its replicate is the run's.
    public struct SweepPlace: Sendable, Equatable {
        /// The sweep's id.
        public let id: String
        /// The swept parameters as text: `ratio=0.25`.
        public let arm: String

        public init(id: String, arm: String) {
            self.id = id
            self.arm = arm
        }
    }

    public struct Stage: Sendable, Equatable {
        public let name: String
        public let kind: String
        /// Names of the stages it waits for.
        public let after: [String]
        /// What the copies of a group's stage are called together: `cv.ridge@fold=*`; nil for a stage that stands
        /// alone.
        public let row: String?
        /// For a stage that came out of a group, the group's name.
        public let group: String?

        public init(name: String, kind: String, after: [String], row: String? = nil, group: String? = nil) {
            self.name = name
            self.kind = kind
            self.after = after
            self.row = row
            self.group = group
        }
    }

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

/// A stage that begins to work (cached stages only finish).
public struct StageStart: Sendable, Equatable {
    public let stage: String
    public let kind: String
    public let reason: RunReason
    /// Seconds it is foreseen to take, by the records of its kind; nil where unknown.
    public let expectedSeconds: Double?
    /// The spread of what the records tell.
    public let expectedRange: ClosedRange<Double>?
    /// `goes on from epoch 78 of 100`, where an earlier attempt left a checkpoint.
    public let resumption: String?

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

/// How far a stage is, in items or in what it counts itself.
public struct StageProgress: Sendable, Equatable {
    public let stage: String
    public let done: Int
    public let total: Int
    public let note: String

    public init(stage: String, done: Int, total: Int, note: String = "") {
        self.stage = stage
        self.done = done
        self.total = total
        self.note = note
    }
}

public enum StageState: String, Sendable {
    case executed, cached, failed, skipped
}

/// Counts over the items of an item-wise stage.
public struct ItemCounts: Sendable, Equatable {
    public var total: Int
    public var executed: Int
    public var cached: Int
    public var failed: Int

    public init(total: Int, executed: Int = 0, cached: Int = 0, failed: Int = 0) {
        self.total = total
        self.executed = executed
        self.cached = cached
        self.failed = failed
    }
}

/// A stage that is settled.
public struct StageOutcome: Sendable, Equatable {
    public var stage: String
    public var kind: String
    public var state: StageState
    /// Why it ran; nil where it was cached or skipped.
    public var reason: RunReason?
    public var key: StageKey?
    /// Wall time of this run's work on it.
    public var seconds: Double
    /// Only for item-wise kinds.
    public var items: ItemCounts?
    /// Artifact hash by port.
    public var outputs: [String: ContentHash]
    public var inputs: [String: ContentHash]
    /// Decoded parameters with their defaults.
    public var configuration: [String: Value]
    public var metrics: [String: Double]
    /// Points by series name; replayed for cached stages too.
    public var series: [String: [SeriesPoint]]
    /// For failed and skipped stages: the sentence.
    public var message: String?
    /// What was said about the result, also where the result comes from the cache.
    public var warnings: [String] = []
    /// The stage ended because songs leaked.
    public var isLeakage: Bool
    /// The stage ended because another process held it and the run was told not to wait.
    public var isLockFailure = false
    /// A stage of the same run that is the same work: what that one left is this one's result too. nil where the result
    /// is the stage's own, or was there before the run.
    public var sharedWith: String?
    /// For skipped stages: the failed stages that it needs, directly or not.
    public var blockers: [String] = []

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

public struct SeriesPoint: Sendable, Equatable {
    public let step: Int
    public let value: Double

    public init(step: Int, value: Double) {
        self.step = step
        self.value = value
    }
}

/// A line of `expect:` and what became of it.
public struct Expectation: Sendable, Equatable {
    public let text: String
    public let holds: Bool
    /// What the metric was, or why it could not be judged.
    public let evidence: String

    public init(text: String, holds: Bool, evidence: String) {
        self.text = text
        self.holds = holds
        self.evidence = evidence
    }
}

public enum RunStatus: String, Sendable {
    case running, succeeded, failed, interrupted
}

/// A run that is over.
public struct RunOutcome: Sendable, Equatable {
    public var run: String
    public var status: RunStatus
    public var seconds: Double
    public var stages: [StageOutcome]
    public var expectations: [Expectation]
    /// Lines of `expect:` that nobody asked, because stages that they are about were left out or the run was stopped.
    public var unchecked: [String] = []
    public var headline: RunHeadline?
    /// What the songs say of the headline's stage against its baseline, in a sentence; nil where there is no baseline.
    public var verdict: String?

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
