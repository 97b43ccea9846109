import GRDB
public import SentioKit

extension RunStore {
    /// All details of a run.
    /// - Parameter id: a full id, as returned by `run(matching:)`.
    /// - Throws: `RunStoreError`; `unknownRun` if there is no such run.
    public func details(_ id: String) throws(RunStoreError) -> RunDetails {
        try read { db in try Self.details(id, db) }
    }

    /// The headline of a run; nil if none of its stages is known to score.
    /// - Throws: `RunStoreError`.
    public func headline(_ run: String) throws(RunStoreError) -> RunHeadline? {
        try read { db in
            try Int64.fetchOne(db, sql: "SELECT number FROM runs WHERE id = ?", arguments: [run]).flatMap {
                try Headline.declared(run: $0, db)
            }
        }
    }

    /// The warnings of runs, run by run.
    /// - Parameter ids: full ids.
    /// - Throws: `RunStoreError`.
    public func warnings(_ ids: [String]) throws(RunStoreError) -> [RunDetails.Warning] {
        try read { db in
            try ids.flatMap { id in
                try Row.fetchAll(
                    db, sql: "SELECT stage, sentence FROM v_warnings WHERE run = ? ORDER BY position", arguments: [id]
                ).map { RunDetails.Warning(stage: $0[0], sentence: $0[1]) }
            }
        }
    }

    static func details(_ id: String, _ db: Database) throws -> RunDetails {
        let head = try Row.fetchOne(
            db, sql: "SELECT number, arguments, environment FROM runs WHERE id = ?", arguments: [id])
        guard let head, let summary = try summaries(db, where: "WHERE id = ?", [id]).first else {
            throw RunStoreError.unknownRun(id, nearest: nil)
        }
        let run: Int64 = head[0]
        let parameters = try Row.fetchAll(
            db, sql: "SELECT name, value, origin FROM run_parameters WHERE run = ? ORDER BY name", arguments: [run]
        ).map { RunDescription.Parameter(name: $0[0], value: try JSON.parse($0[1] as String), origin: $0[2]) }
        let expectations = try Row.fetchAll(
            db, sql: "SELECT text, holds, evidence FROM expectations WHERE run = ? ORDER BY position", arguments: [run]
        ).map { Expectation(text: $0[0], holds: $0[1], evidence: $0[2]) }
        let warnings = try Row.fetchAll(
            db, sql: "SELECT stage, sentence FROM warnings WHERE run = ? ORDER BY position", arguments: [run]
        ).map { RunDetails.Warning(stage: $0[0], sentence: $0[1]) }
        var details = RunDetails(
            summary: summary, parameters: parameters, stages: try stages(run, db), expectations: expectations,
            warnings: warnings,
            arguments: (try JSON.parse(head[1] as String).list ?? []).compactMap(\.string),
            environment: try JSON.parse(head[2] as String).map ?? [:])
        details.unchecked = try String.fetchAll(
            db, sql: "SELECT text FROM unchecked_expectations WHERE run = ? ORDER BY position", arguments: [run])
        details.claims = try claims(of: run, db)
        return details
    }

    private static func stages(_ run: Int64, _ db: Database) throws -> [StageDetails] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT e.stage, e.position, e.kind, e.state, e.reason_code, e.reason_text, e.reason, s.key, e.seconds, e.items_total,
                    e.items_executed, e.items_cached, e.items_failed, e.message, e.leakage, s.configuration, e.result, e.copies,
                    e.shared_with
                FROM stage_executions e LEFT JOIN stage_results s ON s.id = e.result WHERE e.run = ? ORDER BY e.position
                """, arguments: [run])
        return try rows.map { row in
            let items = (row[9] as Int?).map { total in
                // The schema enforces all four or none, but a file written by another program may violate that.
                ItemCounts(total: total, executed: row[10] ?? 0, cached: row[11] ?? 0, failed: row[12] ?? 0)
            }
            let result: Int64? = row[16]
            return StageDetails(
                stage: row[0], position: row[1], kind: row[2], state: row[3], reasonCode: row[4], reasonText: row[5],
                reason: try (row[6] as String?).map { try JSON.parse($0) }, key: row[7], seconds: row[8], items: items,
                message: row[13], copies: row[17] ?? StageDetails.copies(of: row[0]), sharedWith: row[18],
                isLeakage: row[14],
                configuration: try (row[15] as String?).flatMap { try JSON.parse($0).map } ?? [:],
                inputs: try ports("stage_inputs", result, db), outputs: try ports("stage_outputs", result, db),
                metrics: try metrics(result, db), series: try seriesCounts(result, db))
        }
    }

    private static func ports(_ table: String, _ result: Int64?, _ db: Database) throws -> [String: String] {
        let statement = try db.cachedStatement(
            sql: "SELECT p.port, a.hash FROM \(table) p JOIN artifacts a ON a.id = p.artifact WHERE p.result = ?")
        return Dictionary(uniqueKeysWithValues: try Row.fetchAll(statement, arguments: [result]).map { ($0[0], $0[1]) })
    }

    static func metrics(_ result: Int64?, _ db: Database) throws -> [String: Double] {
        let statement = try db.cachedStatement(sql: "SELECT name, value FROM metrics WHERE result = ?")
        return Dictionary(
            uniqueKeysWithValues: try Row.fetchAll(statement, arguments: [result]).map { ($0[0], $0[1] ?? .nan) })
    }

    private static func seriesCounts(_ result: Int64?, _ db: Database) throws -> [String: Int] {
        let statement = try db.cachedStatement(
            sql:
                "SELECT name, (SELECT count(*) FROM series_points p WHERE p.series = series.id) FROM series WHERE "
                + "result = ?"
        )
        return Dictionary(uniqueKeysWithValues: try Row.fetchAll(statement, arguments: [result]).map { ($0[0], $0[1]) })
    }
}
