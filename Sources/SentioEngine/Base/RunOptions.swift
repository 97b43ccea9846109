public import SentioKit

/// How to run a pipeline. Except for the replicate, nothing here can change a result.
public struct RunOptions: Sendable, Equatable {
    /// Number of cores to use.
    public var jobs: Int
    /// Whether stages that do not depend on a failed one still run.
    public var keepGoing = false
    /// Run only these stages and what they depend on; empty: all.
    public var only: [String] = []
    /// Stages that run even if they are cached.
    public var force: Set<String> = []
    /// How long to wait for another process that holds the lock of a stage.
    public var waiting = Waiting.standard
    /// Name of the run, from `--name`.
    public var name: String?
    /// Tags of the run, from `--tag`.
    public var tags: [String: String] = [:]
    /// Number of the replicate, from 0.
    public var replicate = 0
    /// Stages whose random numbers change with the replicate; nil: all.
    public var replicated: Set<String>?
    /// The run's place in a sweep; nil outside sweeps.
    public var sweep: RunDescription.SweepPlace?
    /// The command line, for the run store.
    public var arguments: [String] = []
    /// Machine and code version, for the run store.
    public var environment: [String: Value] = [:]

    /// A plain run of all stages. At least one core is used.
    public init(jobs: Int) { self.jobs = max(1, jobs) }

    /// The replicate whose random numbers a stage draws; 0 is the run without replicates.
    package func replicate(of stage: String) -> Int { replicated?.contains(stage) ?? true ? replicate : 0 }
}

/// How long a stage waits for another process that holds its lock.
public enum Waiting: Sendable, Equatable {
    /// For a run that works on it, without limit; for a process that a killed run has left behind, ten minutes.
    case standard
    /// At most this many seconds, for either.
    case atMost(Double)
    case never

    /// The limit in seconds; nil: none.
    package func limit(isOrphan: Bool) -> Double? {
        switch self {
        case .standard: isOrphan ? 600 : nil
        case .atMost(let seconds): seconds
        case .never: 0
        }
    }
}
