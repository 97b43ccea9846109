import GRDB
import SentioKit

/// A table of runs that can be exported.
public enum ExportedTable: String, Sendable, CaseIterable {
    /// One row per run: its attributes, and its parameters and metrics as columns.
    case runs
    /// One row per metric.
    case metrics
    /// One row per parameter of the pipeline or of a stage.
    case params
    /// One row per point of a series.
    case series
    /// One row per scored song, dimension and set.
    case predictions
}

extension RunStore {
    /// One table with the rows of the given runs, in the order of `runs`.
    /// - Parameter columns: for `runs` only: the columns to show instead of all parameters (`params.NAME`) and metrics
    ///   (`metrics.STAGE.NAME`).
    /// - Throws: `RunStoreError`.
    public func table(_ table: ExportedTable, of runs: [String], columns: [RunColumn]? = nil) throws(RunStoreError)
        -> QueryResult
    {
        switch table {
        case .runs: try wideTable(runs, columns)
        case .metrics:
            try longTable("SELECT run, stage, name, value FROM v_metrics WHERE run = ? ORDER BY stage, name", runs)
        case .series:
            try longTable(
                "SELECT run, stage, name, step, value FROM v_series WHERE run = ? ORDER BY stage, name, step", runs)
        case .params:
            try longTable(
                """
                SELECT run, NULL AS stage, name, value, origin FROM v_parameters WHERE run = ?1
                UNION ALL SELECT run, stage, name, value, NULL FROM v_configuration WHERE run = ?1 ORDER BY stage, name
                """, runs)
        case .predictions:
            try longTable(
                """
                SELECT run, stage, port, song_id, "set", dimension, truth, predicted FROM v_predictions
                WHERE run = ? ORDER BY stage, port, song_id, dimension
                """, runs)
        }
    }

    private func longTable(_ sql: String, _ runs: [String]) throws(RunStoreError) -> QueryResult {
        try read { db in
            let statement = try db.cachedStatement(sql: sql)
            var rows: [[Value]] = []
            for run in runs {
                let cursor = try Row.fetchCursor(statement, arguments: [run])
                while let row = try cursor.next() { rows.append(row.databaseValues.map(Self.value)) }
            }
            return QueryResult(columns: statement.columnNames, rows: rows)
        }
    }

    private static let fixed = [
        "run", "name", "pipeline", "status", "started", "seconds", "seed", "replicate", "sweep", "profile", "host",
        "git_commit", "note",
    ]

    private func wideTable(_ runs: [String], _ columns: [RunColumn]?) throws(RunStoreError) -> QueryResult {
        let heads = try longTable("SELECT \(Self.fixed.joined(separator: ", ")) FROM v_runs WHERE run = ?", runs)
        if let columns {
            let values = try values(columns, of: runs)
            let rows = heads.rows.indices.map { row in
                [heads.rows[row][0], heads.rows[row][1]] + values.map { $0[row] }
            }
            return QueryResult(columns: ["run", "name"] + columns.map(\.name), rows: rows)
        }
        var cells: [[String: Value]] = Array(repeating: [:], count: runs.count)
        let places = Dictionary(
            runs.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
        func fill(_ sql: String) throws(RunStoreError) -> [String] {
            var names: Set<String> = []
            for row in try longTable(sql, runs).rows {
                guard let run = row[0].string, let place = places[run], let name = row[1].string else { continue }
                names.insert(name)
                cells[place][name] = row[2]
            }
            return names.sorted()
        }
        let names =
            try fill("SELECT run, 'params.' || name, value FROM v_parameters WHERE run = ?")
            + fill("SELECT run, 'metrics.' || stage || '.' || name, value FROM v_metrics WHERE run = ?")
        let rows = heads.rows.enumerated().map { index, head in head + names.map { cells[index][$0] ?? .null } }
        return QueryResult(columns: Self.fixed + names, rows: rows)
    }
}
