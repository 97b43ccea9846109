public import SentioKit

/// What a run is asked to do beside the pipeline itself. None of it can change a result.
public struct RunOptions: Sendable, Equatable {
    /// Cores to use at once.
    public var jobs: Int
    /// Whether stages that do not need a failed one still run.
    public var keepGoing = false
    /// Run only these stages and what they need; empty: all.
    public var only: [String] = []
    /// Stages that run even if a record answers for them.
    public var force: Set<String> = []
    /// How long to wait for another process that holds the same stage.
    public var waiting = Waiting.standard
    public var name: String?
    public var tags: [String: String] = [:]
    public var replicate = 0
    /// The stages whose random numbers a replicate changes; nil: of all.
    public var replicated: Set<String>?
    /// The cell of a sweep that the run is.
    public var sweep: RunDescription.SweepPlace?
    public var arguments: [String] = []
    public var environment: [String: Value] = [:]
    /// What the run is foreseen to do, for the event with which it starts.
    public var outlook: RunDescription.Outlook?

    public init(jobs: Int) { self.jobs = max(1, jobs) }

    /// Which replicate's random numbers a stage draws; replicate 0 is the plain run.
    package func replicate(of stage: String) -> Int { replicated?.contains(stage) ?? true ? replicate : 0 }
}

/// How long a stage waits for another process that holds it.
public enum Waiting: Sendable, Equatable {
    /// For a run that works on it, as long as that takes; for what a killed run has left behind, ten minutes.
    case standard
    /// At most so many seconds, for either.
    case atMost(Double)
    case never

    /// In seconds; nil without end.
    package func limit(isOrphan: Bool) -> Double? {
        switch self {
        case .standard: isOrphan ? 600 : nil
        case .atMost(let seconds): seconds
        case .never: 0
        }
    }
}
