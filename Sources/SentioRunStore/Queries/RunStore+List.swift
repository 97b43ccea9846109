import GRDB
public import SentioKit

extension RunStore {
    /// Lists runs; by default all that are not deleted, newest first.
    /// - Parameter limit: maximum number of runs; nil for all.
    /// - Parameter sweep: the id of a sweep, as returned by `sweep(matching:)`.
    /// - Parameter tags: tags that a run must all have.
    /// - Parameter deleted: whether to list the runs marked as deleted instead of the others.
    /// - Parameter contents: which optional parts of the summaries to load.
    /// - Throws: `RunStoreError`.
    public func runs(
        limit: Int? = nil, pipeline: String? = nil, status: RunStatus? = nil, sweep: String? = nil,
        tags: [String: String] = [:],
        filter: RunFilter? = nil, order: RunOrder = .newestFirst, deleted: Bool = false,
        contents: RunSummary.Contents = .all
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
        return try read { [tail] db in try Self.summaries(db, where: tail.sql, tail.arguments, contents: contents) }
    }

    /// - Parameter clauses: the SQL after `FROM runs`.
    static func summaries(
        _ db: Database, where clauses: String, _ arguments: StatementArguments, contents: RunSummary.Contents = .all
    ) throws -> [RunSummary] {
        var numbers: [Int64: Int] = [:]
        var summaries: [RunSummary] = []
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT number, id, pipeline, file, name, profile, seed, replicate, sweep, status, started_at, ended_at, seconds, host,
                    git_commit, git_dirty, stages, executed, cached, failed, skipped, note, deleted_at,
                    (SELECT c.arm FROM sweep_cells c WHERE c.number = cell), headline_stage, headline_metric, headline_baseline,
                    headline_declared, verdict, status = 'interrupted' AND ended_at = seen_at
                FROM runs \(clauses)
                """, arguments: arguments)
        while let row = try rows.next() {
            numbers[row[0]] = summaries.count
            var summary = RunSummary(
                id: row[1], pipeline: row[2], file: row[3], name: row[4], profile: row[5], seed: row[6],
                replicate: row[7],
                sweep: row[8], status: RunStatus(rawValue: row[9]) ?? .interrupted, startedAt: row[10],
                endedAt: row[11],
                seconds: row[12], host: row[13], gitCommit: row[14], gitDirty: row[15], stages: row[16],
                executed: row[17],
                cached: row[18], failed: row[19], skipped: row[20], note: row[21], deletedAt: row[22], arm: row[23],
                tags: [:],
                headline: [])
            summary.about = (row[24] as String?).map {
                RunHeadline(stage: $0, metric: row[25], baseline: row[26], isDeclared: row[27])
            }
            summary.verdict = row[28]
            summary.isCutOff = row[29] ?? false
            summaries.append(summary)
        }
        guard let first = numbers.keys.min(), let last = numbers.keys.max() else { return [] }
        // One pass over the range of run numbers is cheaper than a lookup per run, unless most of the range is not
        // wanted.
        let span64 = last.subtractingReportingOverflow(first)
        let isSparse = span64.overflow || span64.partialValue / 16 > numbers.count
        let wanted = isSparse ? "IN (SELECT value FROM json_each(?))" : "BETWEEN ? AND ?"
        let span: StatementArguments =
            isSparse ? [JSON.text(.list(numbers.keys.map { .int(Int($0)) }))] : [first, last]
        func visit(_ sql: String, _ arguments: StatementArguments = [], _ body: (Int, Row) -> Void) throws {
            let rows = try Row.fetchCursor(db, sql: sql, arguments: span + arguments)
            while let row = try rows.next() { if let index = numbers[row[0]] { body(index, row) } }
        }
        if contents.headline > 0 {
            try visit(
                "SELECT run, name, value FROM headlines WHERE run \(wanted) AND rank < ? ORDER BY run, rank",
                [contents.headline]
            ) {
                summaries[$0].headline.append(RunSummary.Metric(name: $1[1], value: $1[2] ?? .nan))
            }
        }
        if contents.hasTags {
            try visit("SELECT run, name, value FROM tags WHERE run \(wanted)") { summaries[$0].tags[$1[1]] = $1[2] }
        }
        try visit("SELECT run, count(*), sum(1 - holds) FROM expectations WHERE run \(wanted) GROUP BY run") {
            (summaries[$0].expectations, summaries[$0].failedExpectations) = ($1[1], $1[2])
        }
        // Runs with the same cached stages have the same warnings, so each distinct list is digested once.
        var sentences: [Int: [String]] = [:], kinds: [[String]: Int] = [:]
        try visit("SELECT run, sentence FROM warnings WHERE run \(wanted) GROUP BY run, sentence") { index, row in
            sentences[index, default: []].append(row[1])
        }
        for (index, said) in sentences {
            let count = kinds[said] ?? WarningDigest(said.map { (stage: String?.none, sentence: $0) }).entries.count
            kinds[said] = count
            summaries[index].warnings = count
        }
        try visit("SELECT run FROM tainted_stages WHERE run \(wanted)") { index, _ in summaries[index].isTainted = true
        }
        return summaries
    }
}
