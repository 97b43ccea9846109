import GRDB
import SentioKit

extension RunStore {
    /// Series of several runs in the resolution of a chart: each in at most so many buckets with minimum, maximum and
    /// mean, from the stored levels where it is long, exact where it is short.
    /// - parameter runs: whole ids.
    /// - parameter stage: only of this stage; nil for all.
    /// - parameter name: only this series; nil for all.
    /// - parameter buckets: at most so many buckets a series.
    /// - returns: by run as given, then by the stage's position, then by name.
    /// - throws: `RunStoreError`.
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
