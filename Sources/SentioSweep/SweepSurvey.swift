public import SentioEngine
public import SentioKit
import SentioSpec

/// What the run store knows about a cell. The engine does not know the run store, so its user supplies this.
public struct SweepCellPast: Sendable, Equatable {
    /// The newest run that succeeded; nil: none.
    public var succeeded: String?
    /// Keys of its stages in hexadecimal digits, by stage.
    public var keys: [String: String]
    /// Status of the newest run; nil: none.
    public var lastStatus: RunStatus?
    /// Message of its first failed stage; nil: none.
    public var message: String?

    /// The past of a cell, by default of one that never ran.
    public init(
        succeeded: String? = nil, keys: [String: String] = [:], lastStatus: RunStatus? = nil, message: String? = nil
    ) {
        self.succeeded = succeeded
        self.keys = keys
        self.lastStatus = lastStatus
        self.message = message
    }
}

/// Looks up the past of cells.
public protocol SweepHistory: Sendable {
    /// The past of a cell at this moment.
    func past(of cell: SweepCell) -> SweepCellPast
}

/// The state of a cell before it runs.
public struct SweepCellPlan: Sendable {
    /// Whether the cell has a result.
    public enum State: Sendable, Equatable {
        /// A run of it succeeded, and no stage has changed since.
        case done(run: String)
        /// Its last run failed, with this message.
        case failed(String)
        /// It never ran, was interrupted, or has changed since; the text says which.
        case missing(String)
    }

    /// The cell.
    public let cell: SweepCell
    /// Whether it has a result.
    public let state: State
    /// Its stages as they would run.
    public let stages: [PlannedStage]
    /// By stage; see `Pipeline.signatures`.
    let signatures: [String: ContentHash]

    /// Whether it does not need to run.
    public var isDone: Bool { if case .done = state { true } else { false } }

    /// Metrics of the stages of a cell that is done.
    var metrics: [String: [String: Double]] {
        Dictionary(
            stages.compactMap { stage in stage.record.map { (stage.stage, $0.metrics) } },
            uniquingKeysWith: { first, _ in first })
    }
}

/// Determines the state of the cells of a sweep without changing anything.
public struct SweepSurvey: Sendable {
    let sweep: Sweep
    let workspace: Workspace
    let history: any SweepHistory
    let options: RunOptions

    /// A survey of a sweep in a workspace, for runs with these options.
    public init(_ sweep: Sweep, workspace: Workspace, history: any SweepHistory, options: RunOptions) {
        self.sweep = sweep
        self.workspace = workspace
        self.history = history
        self.options = options
    }

    /// The state of all cells, with the cost of the missing ones.
    public func plan() -> SweepPlan {
        let prices = PriceList(workspace.records)
        return SweepPlan(
            cells: sweep.cells.indices.map { look(at: $0, prices) }, workspace: workspace, pipeline: sweep.base.name)
    }

    /// The options of a cell's run.
    func options(of index: Int) -> RunOptions {
        let cell = sweep.cells[index]
        var own = options
        own.replicate = cell.replicate
        own.replicated = sweep.replicated
        own.sweep = RunDescription.SweepPlace(id: sweep.id, arm: cell.arm)
        own.name = cell.label(replicates: sweep.spec.replicates.count)
        return own
    }

    func look(at index: Int, _ prices: PriceList? = nil) -> SweepCellPlan {
        let cell = sweep.cells[index], pipeline = sweep.pipeline(at: index), options = options(of: index)
        let stages = Engine(workspace: workspace).plan(
            pipeline, options: options, prices: prices ?? PriceList(workspace.records))
        return SweepCellPlan(
            cell: cell, state: state(stages, history.past(of: cell)), stages: stages,
            signatures: pipeline.signatures(replicate: options.replicate(of:)))
    }

    private func state(_ stages: [PlannedStage], _ past: SweepCellPast) -> SweepCellPlan.State {
        let keys = Dictionary(
            stages.compactMap { stage in stage.record.map { (stage.stage, $0.key.hash.hex) } },
            uniquingKeysWith: { first, _ in first })
        if let run = past.succeeded, keys.count == stages.count, keys == past.keys { return .done(run: run) }
        switch past.lastStatus {
        case .failed: return .failed(past.message ?? "its last run failed")
        case .interrupted: return .missing("its last run was interrupted")
        case .running: return .missing("a run of it is in progress")
        case .succeeded: return .missing(change(stages))
        case nil: return .missing("never run")
        }
    }

    /// Why the result of an earlier run no longer holds.
    private func change(_ stages: [PlannedStage]) -> String {
        for stage in stages {
            switch stage.state {
            case .upToDate: continue
            case .stale(let reason): return "\(stage.stage): \(reason.text)"
            case .blocked(let sentence): return "\(stage.stage) cannot run: \(sentence)"
            }
        }
        return "its stages differ from those of its last run"
    }
}
