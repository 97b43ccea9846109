public import SentioEngine
public import SentioKit
import SentioSpec

/// What the run store knows about a cell. The engine does not know the store: whoever wires them together asks it.
public struct SweepCellPast: Sendable, Equatable {
    /// The newest run that succeeded, and the keys of its stages in hexadecimal digits.
    public var succeeded: String?
    public var keys: [String: String]
    /// How the newest run ended, and what its first failed stage said.
    public var lastStatus: RunStatus?
    public var message: String?

    public init(
        succeeded: String? = nil, keys: [String: String] = [:], lastStatus: RunStatus? = nil, message: String? = nil
    ) {
        self.succeeded = succeeded
        self.keys = keys
        self.lastStatus = lastStatus
        self.message = message
    }
}

/// Says what became of a cell so far, as it stands at this moment.
public protocol SweepHistory: Sendable {
    func past(of cell: SweepCell) -> SweepCellPast
}

/// How a cell stands before it runs.
public struct SweepCellPlan: Sendable {
    public enum State: Sendable, Equatable {
        /// A run of it succeeded, and every stage is still what it was then.
        case done(run: String)
        /// Its last run failed.
        case failed(String)
        /// It never ran, was stopped, or something changed since.
        case missing(String)
    }

    public let cell: SweepCell
    public let state: State
    /// Its stages as they would run.
    public let stages: [PlannedStage]
    /// By stage; see `Pipeline.signatures`.
    let signatures: [String: ContentHash]

    public var isDone: Bool { if case .done = state { true } else { false } }

    /// What the stages of a cell that is done measured.
    var metrics: [String: [String: Double]] {
        Dictionary(
            stages.compactMap { stage in stage.record.map { (stage.stage, $0.metrics) } },
            uniquingKeysWith: { first, _ in first })
    }
}

/// Looks at the cells of a sweep without changing anything.
public struct SweepSurvey: Sendable {
    let sweep: Sweep
    let workspace: Workspace
    let history: any SweepHistory
    let options: RunOptions

    public init(_ sweep: Sweep, workspace: Workspace, history: any SweepHistory, options: RunOptions) {
        self.sweep = sweep
        self.workspace = workspace
        self.history = history
        self.options = options
    }

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
        case .interrupted: return .missing("its last run was stopped")
        case .running: return .missing("a run of it is under way")
        case .succeeded: return .missing(change(stages))
        case nil: return .missing("never run")
        }
    }

    /// Why a cell that ran once would not give the same again.
    private func change(_ stages: [PlannedStage]) -> String {
        for stage in stages {
            switch stage.state {
            case .upToDate: continue
            case .stale(let reason): return "\(stage.stage): \(reason.text)"
            case .blocked(let sentence): return "\(stage.stage) cannot run: \(sentence)"
            }
        }
        return "its stages are not those of its last run"
    }
}
