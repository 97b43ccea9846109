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
    /// Whether to wait for another process that runs the same stage.
    public var waits = true
    public var name: String?
    public var tags: [String: String] = [:]
    public var replicate = 0
    /// The stages whose random numbers a replicate changes; nil: of all.
    public var replicated: Set<String>?
    /// The cell of a sweep that the run is.
    public var sweep: RunDescription.SweepPlace?
    public var arguments: [String] = []
    public var environment: [String: Value] = [:]

    public init(jobs: Int) { self.jobs = max(1, jobs) }

    /// Which replicate's random numbers a stage draws; replicate 0 is the plain run.
    func replicate(of stage: String) -> Int { replicated?.contains(stage) ?? true ? replicate : 0 }
}
