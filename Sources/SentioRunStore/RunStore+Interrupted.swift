import GRDB

extension RunStore {
    /// Marks runs that claim to be running but whose process is gone. A run on another host is left alone.
    ///
    /// Containers that share a host name but not their process numbers may mark a living run; its own process puts
    /// that right with the next batch it writes.
    /// - returns: the ids marked.
    @discardableResult
    public func markInterrupted() throws(RunStoreError) -> [String] {
        let gone = try read { db in try Self.running(db) }.filter { probe.isGone($0.process) }
        if gone.isEmpty { return [] }
        do {
            return try pool.write { db in
                // Asked again inside the transaction: the run may have ended meanwhile.
                let still = Set(try Self.running(db).map(\.number))
                let marked = gone.filter { still.contains($0.number) }
                for run in marked {
                    try db.execute(
                        sql: """
                            UPDATE runs SET status = 'interrupted', ended_at = max(seen_at, started_at),
                                seconds = max(seen_at - started_at, 0) WHERE number = ?
                            """, arguments: [run.number])
                    try db.execute(
                        sql: "UPDATE stage_executions SET state = 'interrupted' WHERE run = ? AND state = 'running'",
                        arguments: [run.number])
                    try Headline.store(run: run.number, db)
                }
                return marked.map(\.id)
            }
        } catch { throw RunStoreError(error, path: path) }
    }

    private struct RunningRun {
        let number: Int64
        let id: String
        let process: ProcessIdentity
    }

    private static func running(_ db: Database) throws -> [RunningRun] {
        try Row.fetchAll(
            db, sql: "SELECT number, id, process_id, process_start, boot, host FROM runs WHERE status = 'running' ORDER BY number"
        ).map { row in
            RunningRun(number: row[0], id: row[1], process: ProcessIdentity(processID: row[2], start: row[3], boot: row[4], host: row[5]))
        }
    }
}
