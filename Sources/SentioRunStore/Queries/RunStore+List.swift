import GRDB
public import SentioKit

extension RunStore {
    /// Runs; without more, all that are not deleted, newest first.
    /// - parameter limit: at most so many; nil for all.
    /// - parameter sweep: the id of a sweep, as `sweep(matching:)` gives it.
    /// - parameter tags: every one of them must be on the run.
    /// - parameter deleted: those that are marked as deleted in place of the others.
    /// - throws: `RunStoreError`.
    public func runs(
        limit: Int? = nil, pipeline: String? = nil, status: RunStatus? = nil, sweep: String? = nil, tags: [String: String] = [:],
        filter: RunFilter? = nil, order: RunOrder = .newestFirst, deleted: Bool = false
    ) throws(RunStoreError) -> [RunSummary] {
        var conditions = [SQLFragment(sql: "runs.deleted_at IS \(deleted ? "NOT " : "")NULL")]
        if let pipeline { conditions.append(SQLFragment(sql: "pipeline = ?", arguments: [pipeline])) }
        if let status { conditions.append(SQLFragment(sql: "status = ?", arguments: [status.rawValue])) }
        if let sweep { conditions.append(SQLFragment(sql: "sweep = ?", arguments: [sweep])) }
        for (name, value) in tags.sorted(by: { $0.key < $1.key }) {
            let sql = "EXISTS (SELECT 1 FROM tags t WHERE t.run = number AND t.name = ? AND t.value = ?)"
            conditions.append(SQLFragment(sql: sql, arguments: [name, value]))
        }
        if let filter { conditions.append(filter.condition) }
        let clauses = order.clauses
        var tail = clauses.joins + SQLFragment(sql: " WHERE ") + SQLFragment.joined(conditions, by: " AND ")
        tail = tail + SQLFragment(sql: " ORDER BY ") + clauses.order
        if let limit { tail = tail + SQLFragment(sql: " LIMIT ?", arguments: [max(limit, 0)]) }
        return try read { [tail] db in try Self.summaries(db, where: tail.sql, tail.arguments) }
    }

    /// - parameter clauses: what follows `FROM runs`.
    static func summaries(_ db: Database, where clauses: String, _ arguments: StatementArguments) throws -> [RunSummary] {
        var numbers: [Int64: Int] = [:]
        var summaries: [RunSummary] = []
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT number, id, pipeline, file, name, profile, seed, replicate, sweep, status, started_at, ended_at, seconds, host,
                    git_commit, git_dirty, stages, executed, cached, failed, skipped, note, deleted_at FROM runs \(clauses)
                """, arguments: arguments)
        while let row = try rows.next() {
            numbers[row[0]] = summaries.count
            summaries.append(
                RunSummary(
                    id: row[1], pipeline: row[2], file: row[3], name: row[4], profile: row[5], seed: row[6], replicate: row[7],
                    sweep: row[8], status: RunStatus(rawValue: row[9]) ?? .interrupted, startedAt: row[10], endedAt: row[11],
                    seconds: row[12], host: row[13], gitCommit: row[14], gitDirty: row[15], stages: row[16], executed: row[17],
                    cached: row[18], failed: row[19], skipped: row[20], note: row[21], deletedAt: row[22], tags: [:], headline: []))
        }
        guard let first = numbers.keys.min(), let last = numbers.keys.max() else { return [] }
        // One pass over the span of run numbers costs less than a lookup per run.
        let headlines = try Row.fetchCursor(
            db, sql: "SELECT run, name, value FROM headlines WHERE run BETWEEN ? AND ? ORDER BY run, rank", arguments: [first, last])
        while let row = try headlines.next() {
            guard let index = numbers[row[0]] else { continue }
            summaries[index].headline.append(RunSummary.Metric(name: row[1], value: row[2] ?? .nan))
        }
        let tags = try Row.fetchCursor(db, sql: "SELECT run, name, value FROM tags WHERE run BETWEEN ? AND ?", arguments: [first, last])
        while let row = try tags.next() {
            guard let index = numbers[row[0]] else { continue }
            summaries[index].tags[row[1]] = row[2]
        }
        for number in try Int64.fetchSet(db, sql: "SELECT run FROM tainted_stages WHERE run BETWEEN ? AND ?", arguments: [first, last]) {
            if let index = numbers[number] { summaries[index].isTainted = true }
        }
        return summaries
    }
}
