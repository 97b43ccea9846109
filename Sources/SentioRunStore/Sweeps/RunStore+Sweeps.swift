import GRDB
import SentioKit

extension RunStore {
    /// Records the cells that a sweep wants. Earlier cells that are no longer wanted keep their runs.
    /// - Throws: `RunStoreError`.
    public func declare(_ sweep: SweepDeclaration) throws(RunStoreError) {
        do { try pool.write { db in try Self.write(sweep, db) } } catch { throw RunStoreError(error, path: path) }
    }

    private static func write(_ sweep: SweepDeclaration, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO sweeps (id, name, spec, created_at, pipeline, file, profile, declared_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET name = excluded.name, spec = excluded.spec, pipeline = excluded.pipeline,
                    file = excluded.file, profile = excluded.profile, declared_at = excluded.declared_at
                """,
            arguments: [
                sweep.id, sweep.name, JSON.text(sweep.spec), sweep.declaredAt, sweep.pipeline, sweep.file,
                sweep.profile, sweep.declaredAt,
            ])
        try db.execute(sql: "UPDATE sweep_cells SET wanted = 0 WHERE sweep = ?", arguments: [sweep.id])
        let cell = try db.cachedStatement(
            sql: """
                INSERT INTO sweep_cells (sweep, position, arm, replicate, wanted) VALUES (?, ?, ?, ?, 1)
                ON CONFLICT (sweep, arm, replicate) DO UPDATE SET position = excluded.position, wanted = 1 RETURNING number
                """)
        let parameter = try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO sweep_parameters (cell, position, name, value) VALUES (?, ?, ?, ?)")
        for (position, wanted) in sweep.cells.enumerated() {
            let number = try Int64.fetchOne(cell, arguments: [sweep.id, position, wanted.arm, wanted.replicate])
            for (place, entry) in wanted.parameters.enumerated() {
                try parameter.execute(arguments: [number, place, entry.name, JSON.text(entry.value)])
            }
        }
    }

    /// All sweeps, most recently started first.
    /// - Throws: `RunStoreError`.
    public func sweeps() throws(RunStoreError) -> [SweepSummary] {
        try read { db in try Self.sweepSummaries(db, where: "ORDER BY s.declared_at DESC, s.id", []) }
    }

    private static func sweepSummaries(_ db: Database, where clauses: String, _ arguments: StatementArguments) throws
        -> [SweepSummary]
    {
        let sql = """
            SELECT s.id, s.name, s.pipeline, s.file, s.profile, s.created_at, s.declared_at,
                count(c.position), count(c.run), coalesce(sum(c.last_status = 'failed'), 0)
            FROM sweeps s LEFT JOIN v_sweep_cells c ON c.sweep = s.id AND c.wanted GROUP BY s.id \(clauses)
            """
        return try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
            SweepSummary(
                id: row[0], name: row[1], pipeline: row[2], file: row[3], profile: row[4], createdAt: row[5],
                declaredAt: row[6] ?? row[5], cells: row[7], done: row[8], failed: row[9])
        }
    }

    /// The id of the sweep that a user names: `latest`, a full id, a name, or a unique prefix of an id. If several
    /// sweeps have the name, the most recently started one is meant.
    /// - Throws: `RunStoreError`: `noSweeps`, `unknownSweep` (with the nearest), `ambiguousSweep`.
    public func sweep(matching text: String) throws(RunStoreError) -> String {
        try read { db in
            let known = try Row.fetchAll(db, sql: "SELECT id, name FROM sweeps ORDER BY declared_at DESC, id").map {
                row in
                (id: row[0] as String, name: row[1] as String?)
            }
            guard let newest = known.first else { throw RunStoreError.noSweeps }
            if text == "latest" { return newest.id }
            if let found = known.first(where: { $0.id == text }) ?? known.first(where: { $0.name == text }) {
                return found.id
            }
            let begun = text.isEmpty ? [] : known.filter { $0.id.hasPrefix(text) }
            if begun.count == 1 { return begun[0].id }
            if begun.count > 1 { throw RunStoreError.ambiguousSweep(text, candidates: begun.prefix(5).map(\.id)) }
            throw RunStoreError.unknownSweep(
                text,
                nearest: Suggestion.nearest(to: text, among: known.flatMap { [$0.id] + ($0.name.map { [$0] } ?? []) }))
        }
    }

    /// A sweep with all its cells.
    /// - Parameter id: as returned by `sweep(matching:)`.
    /// - Throws: `RunStoreError`; `unknownSweep` if there is no such sweep.
    public func sweepDetails(_ id: String) throws(RunStoreError) -> SweepDetails {
        try read { db in
            guard let summary = try Self.sweepSummaries(db, where: "HAVING s.id = ?", [id]).first,
                let spec = try String.fetchOne(db, sql: "SELECT spec FROM sweeps WHERE id = ?", arguments: [id])
            else { throw RunStoreError.unknownSweep(id, nearest: nil) }
            var parameters: [String: [SweepDeclaration.Parameter]] = [:]
            let entries = try Row.fetchCursor(
                db,
                sql:
                    "SELECT arm, replicate, name, json FROM v_sweep_parameters WHERE sweep = ? ORDER BY arm, "
                    + "replicate, position",
                arguments: [id])
            while let row = try entries.next() {
                let entry = SweepDeclaration.Parameter(
                    name: row[2], value: (try? JSON.parse(Array((row[3] as String).utf8))) ?? .null)
                parameters["\(row[1] as Int) \(row[0] as String)", default: []].append(entry)
            }
            let cells = try Self.cells(
                db, where: "c.sweep = ? ORDER BY c.wanted DESC, c.position, c.replicate, c.arm", [id])
            return SweepDetails(
                summary: summary, spec: (try? JSON.parse(Array(spec.utf8))) ?? .null,
                cells: cells.map { cell in
                    var cell = cell
                    cell.parameters = parameters["\(cell.replicate) \(cell.arm)"] ?? []
                    return cell
                })
        }
    }

    /// The current state of one cell of a sweep, without its parameters; nil if the sweep never declared it.
    /// - Throws: `RunStoreError`.
    public func sweepCell(_ sweep: String, arm: String, replicate: Int) throws(RunStoreError) -> SweepCellDetails? {
        try read { db in
            try Self.cells(db, where: "c.sweep = ? AND c.arm = ? AND c.replicate = ?", [sweep, arm, replicate]).first
        }
    }

    private static func cells(_ db: Database, where clauses: String, _ arguments: StatementArguments) throws
        -> [SweepCellDetails]
    {
        try Row.fetchAll(
            db,
            sql: """
                SELECT c.position, c.arm, c.replicate, c.wanted, c.run, c.last_run, c.last_status,
                    (SELECT e.stage || ': ' || coalesce(e.message, 'failed') FROM stage_executions e JOIN runs r ON r.number = e.run
                        WHERE r.id = c.last_run AND e.state = 'failed' ORDER BY e.position LIMIT 1)
                FROM v_sweep_cells c WHERE \(clauses)
                """, arguments: arguments
        ).map { row in
            SweepCellDetails(
                position: row[0], arm: row[1], replicate: row[2], parameters: [], isWanted: row[3], run: row[4],
                last: (row[5] as String?).map { last in
                    .init(id: last, status: RunStatus(rawValue: row[6] ?? "") ?? .interrupted, message: row[7])
                })
        }
    }

    /// Stage keys of a run by stage. A cell counts as done only if its stages still have these keys.
    /// - Throws: `RunStoreError`.
    public func stageKeys(run id: String) throws(RunStoreError) -> [String: String] {
        try read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT stage, key FROM v_stages WHERE run = ? AND key IS NOT NULL", arguments: [id])
            return Dictionary(rows.map { ($0[0], $0[1]) }, uniquingKeysWith: { first, _ in first })
        }
    }
}
