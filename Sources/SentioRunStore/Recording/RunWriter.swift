import GRDB
import SentioKit

/// State of the writer of one run between batches. It is a value, so a failed batch is rolled back together with its
/// transaction.
struct RunWriter {
    private(set) var run: Int64?
    var positions: [String: Int] = [:]
    /// Result rows of running stages that reported metrics or series before they finished.
    var results: [String: Int64] = [:]
    /// Ids of `series` rows of running stages, by stage and name.
    var series: [String: [String: Int64]] = [:]
    /// Metrics and points that have not been written yet.
    var metrics = RowBatch("INSERT OR REPLACE INTO metrics (result, name, value)", width: 3)
    var points = RowBatch("INSERT OR REPLACE INTO series_points (series, step, value)", width: 3)
    /// Row ids of the artifacts of this run.
    var artifacts: [ContentHash: Int64] = [:]
    /// Outcomes whose predictions must still be read, each with only the `outputs` that have not been examined.
    var unexamined: [StageOutcome] = []
    /// Whether the store has unexamined artifacts from before this batch.
    private(set) var hasUnexamined = false
    /// Stages that already have a row.
    var begun: Set<String> = []
    var outcomes: [StageState: Int] = [:]
    /// The common name of a stage's copies, by stage.
    private(set) var copies: [String: String] = [:]
    private var about: RunHeadline?
    private var warnings = 0
    private var expectations = 0
    private var startedAt = 0.0
    private(set) var isOver = false

    mutating func write(_ timed: TimedEvent, probe: any ProcessProbe, _ db: Database) throws {
        if case .runStarted(let description) = timed.event { return try start(description, probe: probe, db) }
        // Events before the start of the run belong to no run.
        guard let run else { return }
        switch timed.event {
        case .runStarted, .stageProgress, .stageLog: break
        case .stageStarted(let start): try begin(start, run: run, db)
        case .metric(let stage, let name, let value): try add(metric: name, value, stage: stage, run: run, db)
        case .series(let stage, let name, let step, let value):
            try add(point: SeriesPoint(step: step, value: value), to: name, stage: stage, run: run, db)
        case .stageFinished(let outcome): try settle(outcome, run: run, db)
        case .warning(let stage, let sentence):
            try db.cachedStatement(sql: "INSERT INTO warnings (run, position, stage, sentence) VALUES (?, ?, ?, ?)")
                .execute(arguments: [run, warnings, stage, sentence])
            warnings += 1
        case .expectation(let expectation): try add(expectation, run: run, db)
        case .runFinished(let outcome): try end(outcome, at: timed.at, run: run, db)
        }
    }

    /// Called first in every batch.
    mutating func beginBatch(_ db: Database) throws {
        hasUnexamined =
            try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM artifacts WHERE examined = 0)") ?? false
    }

    /// Writes the buffered metrics and points.
    mutating func writeRows(_ db: Database) throws {
        try metrics.write(db)
        try points.write(db)
    }

    /// Called last in every batch: records that the run is alive, and its counts so far. This also corrects the status
    /// if another process wrongly marked the run as interrupted.
    mutating func endBatch(at time: Double, _ db: Database) throws {
        try writeRows(db)
        guard let run, !isOver else { return }
        try db.cachedStatement(
            sql: """
                UPDATE runs SET status = 'running', ended_at = NULL, seconds = NULL, seen_at = max(seen_at, ?),
                    executed = ?, cached = ?, failed = ?, skipped = ? WHERE number = ?
                """
        ).execute(arguments: [time] + counts + [run])
    }

    private var counts: StatementArguments {
        [
            outcomes[.executed, default: 0], outcomes[.cached, default: 0], outcomes[.failed, default: 0],
            outcomes[.skipped, default: 0],
        ]
    }

    private mutating func start(_ description: RunDescription, probe: any ProcessProbe, _ db: Database) throws {
        let process = probe.identity(of: description.processID)
        startedAt = description.startedAt
        try db.execute(
            sql: """
                INSERT INTO runs (id, pipeline, file, name, profile, seed, replicate, status, started_at, seen_at,
                    process_id, process_start, boot, host, arguments, environment, git_commit, git_dirty, stages,
                    headline_stage, headline_metric, headline_baseline, headline_declared, sweep, cell)
                VALUES (?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                    (SELECT id FROM sweeps WHERE id = ?), (SELECT number FROM sweep_cells WHERE sweep = ? AND arm = ? AND replicate = ?))
                """,
            arguments: [
                description.id, description.pipeline, description.file, description.name, description.profile,
                description.seed,
                description.replicate, description.startedAt, description.startedAt, process.processID, process.start,
                process.boot,
                process.host, JSON.text(.list(description.arguments.map(Value.string))),
                JSON.text(.map(description.environment)),
                description.environment["git_commit"]?.string, description.environment["git_dirty"]?.bool,
                description.stages.count,
                description.headline?.stage, description.headline?.metric, description.headline?.baseline,
                description.headline?.isDeclared ?? false, description.sweep?.id, description.sweep?.id,
                description.sweep?.arm,
                description.replicate,
            ])
        let number = db.lastInsertedRowID
        run = number
        about = description.headline
        if let claims = description.claims { try store(claims, run: number, db) }
        for (position, stage) in description.stages.enumerated() {
            positions[stage.name] = position
            copies[stage.name] = stage.row
        }
        let parameter = try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO run_parameters (run, name, value, origin) VALUES (?, ?, ?, ?)")
        for entry in description.parameters {
            try parameter.execute(arguments: [number, entry.name, JSON.text(entry.value), entry.origin])
        }
        let tag = try db.cachedStatement(sql: "INSERT INTO tags (run, name, value) VALUES (?, ?, ?)")
        for (name, value) in description.tags { try tag.execute(arguments: [number, name, value]) }
    }

    private mutating func add(_ expectation: Expectation, run: Int64, _ db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT INTO expectations (run, position, text, holds, evidence) VALUES (?, ?, ?, ?, ?)"
        )
        .execute(arguments: [run, expectations, expectation.text, expectation.holds, expectation.evidence])
        expectations += 1
    }

    private mutating func end(_ outcome: RunOutcome, at time: Double, run: Int64, _ db: Database) throws {
        // Expectations normally arrive as events; if not, those of the outcome are recorded.
        if expectations == 0 { for expectation in outcome.expectations { try add(expectation, run: run, db) } }
        for (reported, resolved) in zip(outcome.stages, outcome.resolvingSharedStages.stages)
        where reported.sharedWith != resolved.sharedWith {
            try db.execute(
                sql: "UPDATE stage_executions SET shared_with = ? WHERE run = ? AND stage = ?",
                arguments: [resolved.sharedWith, run, resolved.stage])
        }
        let stages = outcome.stages.filter { !$0.metrics.isEmpty }.sorted {
            positions[$0.stage, default: 0] < positions[$1.stage, default: 0]
        }
        try Headline.store(stages.map { ($0.stage, $0.metrics) }, run: run, about: about, db)
        for (position, text) in outcome.unchecked.enumerated() {
            try db.execute(
                sql: "INSERT INTO unchecked_expectations VALUES (?, ?, ?)", arguments: [run, position, text])
        }
        // A run that ends is not running, whatever its outcome says.
        let status = outcome.status == .running ? RunStatus.interrupted : outcome.status
        let seconds = max(outcome.seconds, 0)
        try db.execute(
            sql: """
                UPDATE runs SET status = ?, ended_at = ?, seconds = ?, seen_at = max(seen_at, ?), verdict = ?,
                    executed = ?, cached = ?, failed = ?, skipped = ? WHERE number = ?
                """, arguments: [status.rawValue, startedAt + seconds, seconds, time, outcome.verdict] + counts + [run])
        try db.execute(
            sql: "UPDATE stage_executions SET state = 'interrupted' WHERE run = ? AND state = 'running'",
            arguments: [run])
        isOver = true
    }
}
