import GRDB
import SentioKit

extension RunWriter {
    mutating func position(of stage: String) -> Int {
        if let known = positions[stage] { return known }
        let next = positions.count
        positions[stage] = next
        return next
    }

    mutating func begin(_ start: StageStart, run: Int64, _ db: Database) throws {
        let reason = Self.columns(start.reason)
        begun.insert(start.stage)
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO stage_executions (run, stage, position, kind, state, reason_code, reason_text, reason, copies)
                VALUES (?, ?, ?, ?, 'running', ?, ?, ?, ?)
                """
        ).execute(
            arguments: [
                run, start.stage, position(of: start.stage), start.kind, reason.code, reason.text, reason.json,
                copies[start.stage],
            ])
    }

    /// Metrics and points that a stage reports while it runs are visible immediately.
    mutating func add(metric name: String, _ value: Double, stage: String, run: Int64, _ db: Database) throws {
        let result = try openResult(of: stage, run: run, db)
        try metrics.append(result.databaseValue, name.databaseValue, value.databaseValue, to: db)
    }

    mutating func add(point: SeriesPoint, to name: String, stage: String, run: Int64, _ db: Database) throws {
        let id = try seriesID(name, stage: stage, result: try openResult(of: stage, run: run, db), db)
        try points.append(id.databaseValue, point.step.databaseValue, point.value.databaseValue, to: db)
    }

    /// Records a settled stage: stores its result, or refers to an equal result of an earlier run.
    mutating func settle(_ outcome: StageOutcome, run: Int64, _ db: Database) throws {
        try writeRows(db)
        outcomes[outcome.state, default: 0] += 1
        let result = outcome.state == .skipped ? nil : try storeResult(outcome, db)
        try insert(outcome, result: result, run: run, db)
        if let open = results.removeValue(forKey: outcome.stage), open != result {
            try db.execute(sql: "DELETE FROM stage_results WHERE id = ?", arguments: [open])
        }
        series[outcome.stage] = nil
    }

    private mutating func insert(_ outcome: StageOutcome, result: Int64?, run: Int64, _ db: Database) throws {
        if begun.insert(outcome.stage).inserted, outcome.state == .cached, outcome.reason == nil, outcome.items == nil,
            outcome.message == nil
        {
            // Fast path for the most common case.
            return try db.cachedStatement(
                sql: """
                    INSERT INTO stage_executions (run, stage, position, kind, state, seconds, result, copies, shared_with)
                    VALUES (?, ?, ?, ?, 'cached', ?, ?, ?, ?)
                    """
            ).execute(
                arguments: [
                    run, outcome.stage, position(of: outcome.stage), outcome.kind, max(outcome.seconds, 0), result,
                    copies[outcome.stage],
                    outcome.sharedWith,
                ])
        }
        let items = outcome.items, reason = Self.columns(outcome.reason)
        try db.cachedStatement(
            sql: """
                INSERT INTO stage_executions (run, stage, position, kind, state, reason_code, reason_text, reason, seconds,
                    items_total, items_executed, items_cached, items_failed, message, leakage, result, copies, shared_with)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (run, stage) DO UPDATE SET state = excluded.state, seconds = excluded.seconds,
                    reason_code = coalesce(excluded.reason_code, reason_code),
                    reason_text = coalesce(excluded.reason_text, reason_text), reason = coalesce(excluded.reason, reason),
                    items_total = excluded.items_total, items_executed = excluded.items_executed,
                    items_cached = excluded.items_cached, items_failed = excluded.items_failed,
                    message = excluded.message, leakage = excluded.leakage, result = excluded.result,
                    copies = excluded.copies, shared_with = excluded.shared_with
                """
        ).execute(
            arguments: [
                run, outcome.stage, position(of: outcome.stage), outcome.kind, outcome.state.rawValue, reason.code,
                reason.text,
                reason.json, max(outcome.seconds, 0), items?.total, items?.executed, items?.cached, items?.failed,
                outcome.message,
                outcome.isLeakage, result, copies[outcome.stage], outcome.sharedWith,
            ])
    }

    private static func columns(_ reason: RunReason?) -> (code: String?, text: String?, json: String?) {
        guard let reason else { return (nil, nil, nil) }
        return (reason.causes.first?.code ?? "none", reason.text, JSON.text(reason.value))
    }

    /// The result row that a running stage fills.
    private mutating func openResult(of stage: String, run: Int64, _ db: Database) throws -> Int64 {
        if let open = results[stage] { return open }
        try db.execute(sql: "INSERT INTO stage_results (configuration) VALUES ('{}')")
        let id = db.lastInsertedRowID
        results[stage] = id
        try db.execute(
            sql: "UPDATE stage_executions SET result = ? WHERE run = ? AND stage = ?", arguments: [id, run, stage])
        return id
    }
}
