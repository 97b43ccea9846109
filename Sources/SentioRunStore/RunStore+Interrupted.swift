import GRDB
public import SentioKit

/// A run whose process has exited without recording the end of the run.
public struct EndedRun: Sendable, Equatable {
    /// The id of the run.
    public let id: String
    /// The status that the run was given.
    public let status: RunStatus
    /// Why its history is incomplete, if recording stopped while the run continued.
    public let incomplete: String?

    /// What to tell the user.
    public var sentence: String {
        guard let incomplete else { return "The process of run \(id) is gone; the run is marked as interrupted." }
        let end = status == .interrupted ? "The run was interrupted." : "The run itself \(status.rawValue)."
        return "The history of run \(id) is incomplete. \(incomplete) \(end)"
    }
}

extension RunStore {
    /// Calls `settleEnded` and returns the ids of the runs.
    /// - Throws: `RunStoreError`.
    @discardableResult
    public func markInterrupted() throws(RunStoreError) -> [String] { try settleEnded().map(\.id) }

    /// Updates runs that are recorded as running although their process has exited: to interrupted, or to their actual
    /// status if only recording had to stop (a full disk). Runs on another host are left alone.
    ///
    /// Runs of earlier versions have no lock. Containers that share a host name but not their process ids may mark such
    /// a run although it is alive; its own process corrects that with its next batch.
    /// - Returns: the updated runs.
    /// - Throws: `RunStoreError`.
    @discardableResult
    public func settleEnded() throws(RunStoreError) -> [EndedRun] {
        let claiming = try read { db in try Self.running(db) }
        let locks = claiming.map { probe.lockState(of: $0.id, storeAt: path) }
        let gone = zip(claiming, locks).filter { probe.isGone($0.process, lock: $1) }
        if gone.isEmpty { return [] }
        do {
            let ended = try pool.write { db in
                // Checked again inside the transaction, because the run may have ended meanwhile.
                let still = Set(try Self.running(db).map(\.number))
                return try gone.filter { still.contains($0.0.number) }.map { run, lock in
                    var note: RunLockNote?
                    if case .free(let found) = lock { note = found }
                    return try Self.settle(run, note, db)
                }
            }
            for run in ended { RunLock.discard(run: run.id, storeAt: path) }
            return ended
        } catch { throw RunStoreError(error, path: path) }
    }

    /// Records the end of a run whose history had to stop.
    func end(_ run: Int64, _ note: RunLockNote) throws {
        try pool.write { db in
            guard let found = try Self.running(db).first(where: { $0.number == run }) else { return }
            _ = try Self.settle(found, note, db)
        }
    }

    private static func settle(_ run: RunningRun, _ note: RunLockNote?, _ db: Database) throws -> EndedRun {
        let status = note?.status.flatMap { $0 == .running ? nil : $0 } ?? .interrupted
        let seconds = note?.seconds.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
        try db.execute(
            sql: """
                UPDATE runs SET status = ?, ended_at = max(coalesce(started_at + ?, seen_at), started_at),
                    seconds = max(coalesce(?, seen_at - started_at), 0) WHERE number = ?
                """, arguments: [status.rawValue, seconds, seconds, run.number])
        // A run that succeeded finished every stage that it had started.
        try db.execute(
            sql: "UPDATE stage_executions SET state = ? WHERE run = ? AND state = 'running'",
            arguments: [status == .succeeded ? "executed" : "interrupted", run.number])
        if let note { try warn("The history of this run is incomplete. \(note.reason)", run: run.number, db) }
        try Headline.store(run: run.number, about: try Headline.declared(run: run.number, db), db)
        return EndedRun(id: run.id, status: status, incomplete: note?.reason)
    }

    /// Appends a warning to those of a run.
    static func warn(_ sentence: String, run: Int64, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO warnings (run, position, stage, sentence)
                VALUES (?, (SELECT coalesce(max(position) + 1, 0) FROM warnings WHERE run = ?), NULL, ?)
                """, arguments: [run, run, sentence])
    }

    private struct RunningRun {
        let number: Int64
        let id: String
        let process: ProcessIdentity
    }

    private static func running(_ db: Database) throws -> [RunningRun] {
        try Row.fetchAll(
            db,
            sql:
                "SELECT number, id, process_id, process_start, boot, host FROM runs WHERE status = 'running' ORDER BY "
                + "number"
        ).map { row in
            RunningRun(
                number: row[0], id: row[1],
                process: ProcessIdentity(processID: row[2], start: row[3], boot: row[4], host: row[5]))
        }
    }
}
