import GRDB
public import SentioKit

extension RunStore {
    /// All points of a series in order of their steps; NaN where the stage reported no number.
    /// - Parameter run: a full id.
    /// - Throws: `RunStoreError`; `unknownSeries` lists the series that exist.
    public func series(run: String, stage: String, name: String) throws(RunStoreError) -> [SeriesPoint] {
        try read { db in try Self.points(run: run, stage: stage, name: name, db) }
    }

    static func points(run: String, stage: String, name: String, _ db: Database) throws -> [SeriesPoint] {
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
        return try SeriesLevels.points(of: found.id, db)
    }
}
