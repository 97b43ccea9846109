import GRDB
import SentioKit

extension RunStore {
    /// Series of several runs at chart resolution: each in buckets with minimum, maximum and mean, read from the stored
    /// levels if it is long, and exact if it is short.
    /// - Parameter runs: full ids.
    /// - Parameter stage: the only stage to read; nil for all.
    /// - Parameter name: the only series to read; nil for all.
    /// - Parameter buckets: maximum number of buckets per series.
    /// - Returns: series in the order of `runs`, then by position of the stage, then by name.
    /// - Throws: `RunStoreError`.
    public func series(
        runs: [String], stage: String? = nil, name: String? = nil, atMost buckets: Int = 500
    ) throws(RunStoreError) -> [RunSeries] {
        let most = max(1, buckets)
        return try read { db in
            let heads = try db.cachedStatement(
                sql: """
                    SELECT s.id, e.stage, s.name FROM runs r JOIN stage_executions e ON e.run = r.number JOIN series s ON s.result = e.result
                    WHERE r.id = ? AND (? IS NULL OR e.stage = ?) AND (? IS NULL OR s.name = ?) ORDER BY e.position, s.name
                    """)
            let levels = try db.cachedStatement(
                sql: """
                    SELECT points, buckets FROM series_levels WHERE series = ? AND (points + span - 1) / span <= ? ORDER BY span LIMIT 1
                    """)
            return try runs.flatMap { run in
                try Row.fetchAll(heads, arguments: [run, stage, stage, name, name]).map { head in
                    let id: Int64 = head[0]
                    var result = RunSeries(run: run, stage: head[1], name: head[2], points: 0, buckets: [])
                    if let level = try Row.fetchOne(levels, arguments: [id, most]),
                        let stored = try level.withUnsafeData(atIndex: 1, { $0.flatMap(SeriesLevels.decoded) })
                    {
                        result.points = level[0]
                        result.buckets = stored
                    } else {
                        let points = try SeriesLevels.points(of: id, db)
                        result.points = points.count
                        let exact = points.map { SeriesBucket(step: $0.step, value: $0.value) }
                        result.buckets = SeriesLevels.merged(exact, by: max(1, (exact.count + most - 1) / most))
                    }
                    return result
                }
            }
        }
    }
}
