import GRDB
public import SentioKit

extension RunStore {
    /// Runs, newest first.
    /// - parameter limit: at most so many; nil for all.
    /// - parameter sweep: the id of a sweep, as `sweep(matching:)` gives it.
    /// - parameter tags: every one of them must be on the run.
    /// - throws: `RunStoreError`.
    public func runs(
        limit: Int? = nil, pipeline: String? = nil, status: RunStatus? = nil, sweep: String? = nil, tags: [String: String] = [:]
    ) throws(RunStoreError) -> [RunSummary] {
        var conditions: [String] = []
        var arguments = StatementArguments()
        if let pipeline {
            conditions.append("pipeline = ?")
            arguments += [pipeline]
        }
        if let status {
            conditions.append("status = ?")
            arguments += [status.rawValue]
        }
        if let sweep {
            conditions.append("sweep = ?")
            arguments += [sweep]
        }
        for (name, value) in tags.sorted(by: { $0.key < $1.key }) {
            conditions.append("EXISTS (SELECT 1 FROM tags t WHERE t.run = number AND t.name = ? AND t.value = ?)")
            arguments += [name, value]
        }
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        let bound = limit.map { "LIMIT \(max($0, 0))" } ?? ""
        return try read { [arguments] db in
            try Self.summaries(db, where: "\(filter) ORDER BY started_at DESC, number DESC \(bound)", arguments)
        }
    }

    /// - parameter clauses: what follows `FROM runs`.
    static func summaries(_ db: Database, where clauses: String, _ arguments: StatementArguments) throws -> [RunSummary] {
        var numbers: [Int64: Int] = [:]
        var summaries: [RunSummary] = []
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT number, id, pipeline, file, name, profile, seed, replicate, sweep, status, started_at, ended_at, seconds, host,
                    git_commit, git_dirty, stages, executed, cached, failed, skipped FROM runs \(clauses)
                """, arguments: arguments)
        while let row = try rows.next() {
            numbers[row[0]] = summaries.count
            summaries.append(
                RunSummary(
                    id: row[1], pipeline: row[2], file: row[3], name: row[4], profile: row[5], seed: row[6], replicate: row[7],
                    sweep: row[8], status: RunStatus(rawValue: row[9]) ?? .interrupted, startedAt: row[10], endedAt: row[11],
                    seconds: row[12], host: row[13], gitCommit: row[14], gitDirty: row[15], stages: row[16], executed: row[17],
                    cached: row[18], failed: row[19], skipped: row[20], tags: [:], headline: []))
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
        return summaries
    }
}
