import GRDB
public import SentioKit

extension RunStore {
    /// The points of a series in order of their steps; NaN where the stage sent no number.
    /// - parameter run: a whole id.
    /// - throws: `RunStoreError`, `unknownSeries` with the names that there are.
    public func series(run: String, stage: String, name: String) throws(RunStoreError) -> [SeriesPoint] {
        try read { db in
            let series = try Row.fetchAll(
                db,
                sql: """
                    SELECT s.id, s.name FROM runs r JOIN stage_executions e ON e.run = r.number JOIN series s ON s.result = e.result
                    WHERE r.id = ? AND e.stage = ? ORDER BY s.name
                    """, arguments: [run, stage]
            ).map { (id: $0[0] as Int64, name: $0[1] as String) }
            guard let found = series.first(where: { $0.name == name }) else {
                throw RunStoreError.unknownSeries(run: run, stage: stage, name: name, available: series.map(\.name))
            }
            var points: [SeriesPoint] = []
            let rows = try Row.fetchCursor(
                db, sql: "SELECT step, value FROM series_points WHERE series = ? ORDER BY step", arguments: [found.id])
            while let row = try rows.next() { points.append(SeriesPoint(step: row[0], value: row[1] ?? .nan)) }
            return points
        }
    }
}
