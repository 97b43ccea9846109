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
    public var arguments: [String] = []
    public var environment: [String: Value] = [:]

    public init(jobs: Int) { self.jobs = max(1, jobs) }
}
