public import SentioEngine
public import SentioKit
public import SentioSpec

/// What happens during a sweep, besides the events of its runs.
public enum SweepEvent: Sendable {
    /// A cell starts to run. `number` counts from 1 among the cells that run now; `left` is the estimate for this cell
    /// and those after it, nil if unknown.
    case cellStarted(SweepCell, number: Int, of: Int, left: PriceSum?)
    /// A cell has ended.
    case cellFinished(SweepCellOutcome)
    /// Another process is running the cell. It is checked again at the end.
    case cellBusy(SweepCell, holder: String)
    /// A claim was checked.
    case expectation(Expectation)
}

/// Which of the cells that are not done to run.
public enum SweepSelection: String, Sendable, CaseIterable { case failed, missing }

/// Runs the cells of a sweep that are not done, one after another.
///
/// Each cell is an ordinary run that ends before the next one starts; stages that cells share are computed by the first
/// and cached for the others. A lock protects each cell, so that several processes that run the same sweep in one
/// workspace share the cells among them. An interrupted sweep resumes when it is run again.
public struct SweepRunner: Sendable {
    /// Runs one cell with the caller's engine, sinks and store.
    public typealias CellRun = @Sendable (Pipeline, RunOptions) async -> RunOutcome

    let survey: SweepSurvey
    let only: SweepSelection?
    let cancellation: Cancellation
    let statistics: (any ArmStatistics)?
    let run: CellRun
    let report: @Sendable (SweepEvent) -> Void
    private var sweep: Sweep { survey.sweep }

    /// Prepares a run of the sweep.
    /// - Parameters:
    ///   - only: run only cells whose last run failed, or only cells without a finished run; nil: both.
    ///   - statistics: compares arms song by song, for claims that need it; nil: such claims fail.
    ///   - report: receives the events of the sweep.
    ///   - run: runs one cell.
    public init(
        _ survey: SweepSurvey, only: SweepSelection? = nil, cancellation: Cancellation = Cancellation(),
        statistics: (any ArmStatistics)? = nil, report: @escaping @Sendable (SweepEvent) -> Void = { _ in },
        run: @escaping CellRun
    ) {
        self.survey = survey
        self.only = only
        self.cancellation = cancellation
        self.statistics = statistics
        self.report = report
        self.run = run
    }

    /// Runs the cells, then checks the claims.
    /// - Parameter plan: the current state of the cells, from `survey.plan()`.
    public func run(_ plan: SweepPlan) async -> SweepOutcome {
        let stopwatch = Stopwatch()
        var outcomes = plan.cells.map(Self.outcome), costs = SweepCosts(plan, survey.workspace.records)
        let wanted = plan.cells.indices.filter { isWanted(plan.cells[$0]) }
        var busy: [Int] = [], hasFailed = false
        func finish(_ index: Int, _ outcome: SweepCellOutcome) {
            outcomes[index] = outcome
            costs.settle(plan.cells[index])
            if outcome.state == .failed { hasFailed = true }
            report(.cellFinished(outcome))
        }
        var number = 0, cells = plan.cells
        for index in wanted where !cancellation.isCancelled && !(hasFailed && !survey.options.keepGoing) {
            number += 1
            let rest = wanted.filter { !outcomes[$0].isFinished }
            var left = costs.left(among: rest.lazy.map { cells[$0] })
            if number == 2, left.map({ $0.unknown > 0 }) ?? true {
                // Now that one cell has run, there are records to estimate the others.
                let prices = PriceList(survey.workspace.records)
                for index in rest { cells[index] = survey.look(at: index, prices) }
                left = costs.left(among: rest.lazy.map { cells[$0] })
            }
            report(.cellStarted(sweep.cells[index], number: number, of: wanted.count, left: left))
            do {
                guard let claim = try claim(index) else {
                    report(.cellBusy(sweep.cells[index], holder: FileLock.holder(lockPath(index)).text))
                    busy.append(index)
                    continue
                }
                finish(index, await settle(index))
                withExtendedLifetime(claim) {}
            } catch { finish(index, failed(index, "\(error)")) }
        }
        for index in busy where !cancellation.isCancelled && !(hasFailed && !survey.options.keepGoing) {
            finish(index, await waitFor(index))
        }
        let wasStopped = cancellation.isCancelled && wanted.contains { !outcomes[$0].isFinished }
        let expectations =
            wasStopped
            ? []
            : sweep.claims.map {
                $0.judge(outcomes.map { SweepMeasures(cell: $0.cell, metrics: $0.metrics) }, statistics: statistics)
            }
        for expectation in expectations { report(.expectation(expectation)) }
        return SweepOutcome(
            sweep: sweep.id,
            status: wasStopped ? .interrupted : outcomes.contains { $0.state == .failed } ? .failed : .succeeded,
            seconds: stopwatch.seconds, cells: outcomes, expectations: expectations)
    }

    // MARK: One cell

    /// Runs a locked cell unless another process has finished it meanwhile.
    private func settle(_ index: Int) async -> SweepCellOutcome {
        try? survey.workspace.records.refresh()
        let now = survey.look(at: index), cell = sweep.cells[index]
        if now.isDone { return Self.outcome(now) }
        let outcome = await run(sweep.pipeline(at: index), survey.options(of: index))
        let executed = outcome.stages.count { $0.state == .executed }
        switch outcome.status {
        case .succeeded, .running:
            let metrics = Dictionary(
                outcome.stages.map { ($0.stage, $0.metrics) }, uniquingKeysWith: { first, _ in first })
            return SweepCellOutcome(
                cell: cell, state: executed > 0 ? .done : .cached, run: outcome.run, executed: executed,
                seconds: outcome.seconds,
                metrics: metrics, exitCode: outcome.exitCode)
        case .failed:
            let first = outcome.stages.first { $0.state == .failed }
            return SweepCellOutcome(
                cell: cell, state: .failed, run: outcome.run,
                message: first.map { "\($0.stage): \($0.message ?? "failed")" },
                executed: executed, seconds: outcome.seconds, exitCode: outcome.exitCode)
        case .interrupted:
            return SweepCellOutcome(
                cell: cell, state: .missing, run: outcome.run, message: "interrupted", executed: executed,
                seconds: outcome.seconds)
        }
    }

    /// Waits for a cell that another process is running, and takes it over if that process ends without a result.
    private func waitFor(_ index: Int) async -> SweepCellOutcome {
        let stopwatch = Stopwatch()
        while true {
            do {
                if let claim = try claim(index) {
                    defer { withExtendedLifetime(claim) {} }
                    return await settle(index)
                }
            } catch { return failed(index, "\(error)") }
            let holder = FileLock.holder(lockPath(index))
            let limit = survey.options.waiting.limit(isOrphan: holder.isOrphaned)
            if let limit, stopwatch.seconds >= limit {
                var outcome = SweepCellOutcome(
                    cell: sweep.cells[index], state: .missing, message: "being run by \(holder.text)")
                outcome.exitCode = 5
                return outcome
            }
            if cancellation.isCancelled {
                return SweepCellOutcome(
                    cell: sweep.cells[index], state: .missing, message: "being run by \(holder.text)")
            }
            try? await Task.sleep(nanoseconds: 200_000_000)
        }
    }

    private func failed(_ index: Int, _ message: String) -> SweepCellOutcome {
        SweepCellOutcome(cell: sweep.cells[index], state: .failed, message: message, exitCode: 1)
    }

    private func claim(_ index: Int) throws -> FileLock? { try FileLock.attempt(lockPath(index)) }

    private func lockPath(_ index: Int) -> String {
        let cell = sweep.cells[index]
        // If commands write files in the user's folder, cells would overwrite each other's files: run one cell at a
        // time.
        let name = leavesFiles ? Paths.real(sweep.base.directory) : "\(sweep.id)\0\(cell.arm)\0\(cell.replicate)"
        return survey.workspace.path + "/tmp/locks/sweep-" + Hashing.content(name).hex
    }

    private var leavesFiles: Bool {
        sweep.pipelines.contains { $0.graph.nodes.contains { $0.outputs.contains { $0.workspacePath != nil } } }
    }

    // MARK: Which cells

    private func isWanted(_ plan: SweepCellPlan) -> Bool {
        switch plan.state {
        case .done: false
        case .failed: only != .missing
        case .missing: only != .failed
        }
    }

    /// The outcome of a cell that does not run.
    private static func outcome(_ plan: SweepCellPlan) -> SweepCellOutcome {
        switch plan.state {
        case .done(let run): SweepCellOutcome(cell: plan.cell, state: .cached, run: run, metrics: plan.metrics)
        case .failed(let message): SweepCellOutcome(cell: plan.cell, state: .failed, message: message, exitCode: 1)
        case .missing(let reason): SweepCellOutcome(cell: plan.cell, state: .missing, message: reason)
        }
    }
}

/// Estimates the remaining stages from the records available so far.
struct SweepCosts {
    private let records: any RecordStore
    private var settled: Set<ContentHash> = []

    init(_ plan: SweepPlan, _ records: any RecordStore) {
        self.records = records
        for cell in plan.cells {
            for stage in cell.stages where !stage.isStale {
                cell.signatures[stage.stage].map { _ = settled.insert($0) }
            }
        }
    }

    mutating func settle(_ cell: SweepCellPlan) { settled.formUnion(cell.signatures.values) }

    /// nil if there is no estimate for any remaining stage.
    func left(among cells: some Sequence<SweepCellPlan>) -> PriceSum? {
        let prices = PriceList(records)
        var counted = settled, sum = PriceSum()
        for cell in cells {
            for stage in cell.stages {
                guard let signature = cell.signatures[stage.stage], counted.insert(signature).inserted else { continue }
                sum.add(stage.price(by: prices))
            }
        }
        return sum.known > 0 ? sum : nil
    }
}
