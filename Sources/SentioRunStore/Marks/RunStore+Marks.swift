import GRDB

extension RunStore {
    /// Puts tags on a run; one of the same name is replaced.
    /// - parameter run: a whole id.
    /// - throws: `RunStoreError`.
    public func tag(_ run: String, _ tags: [String: String]) throws(RunStoreError) {
        try change { db in
            let number = try Self.number(of: run, db)
            for (name, value) in tags {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO tags (run, name, value) VALUES (?, ?, ?)",
                    arguments: [number, name, value])
            }
        }
    }

    /// Takes tags off a run.
    /// - throws: `RunStoreError`, `unknownTag` for one that it does not have; then none is taken off.
    public func removeTags(_ run: String, _ names: [String]) throws(RunStoreError) {
        try change { db in
            let number = try Self.number(of: run, db)
            for name in names {
                try db.execute(sql: "DELETE FROM tags WHERE run = ? AND name = ?", arguments: [number, name])
                guard db.changesCount == 0 else { continue }
                let known = try String.fetchAll(
                    db, sql: "SELECT name FROM tags WHERE run = ? ORDER BY name", arguments: [number])
                throw RunStoreError.unknownTag(run: run, name: name, available: known)
            }
        }
    }

    /// Writes a note to a run in place of the one it had.
    /// - parameter text: empty takes the note away.
    /// - throws: `RunStoreError`.
    public func note(_ run: String, _ text: String) throws(RunStoreError) {
        try change { db in
            let number = try Self.number(of: run, db)
            try db.execute(sql: "UPDATE runs SET note = nullif(?, '') WHERE number = ?", arguments: [text, number])
        }
    }

    // MARK: Deleting

    /// Marks runs as deleted: no list, view or comparison shows them until they are restored. Nothing is lost.
    /// - parameter ids: whole ids.
    /// - parameter time: seconds since 1970.
    /// - throws: `RunStoreError`, `isRunning` for one that is under way; then none is marked.
    public func delete(_ ids: [String], at time: Double) throws(RunStoreError) {
        try change { db in
            for id in ids {
                let number = try Self.number(of: id, db)
                try Self.refuseRunning(id, number, db)
                try db.execute(
                    sql: "UPDATE runs SET deleted_at = coalesce(deleted_at, ?) WHERE number = ?",
                    arguments: [time, number])
            }
        }
    }

    /// Takes the mark off deleted runs.
    /// - returns: the ids that were marked.
    /// - throws: `RunStoreError`.
    @discardableResult
    public func restore(_ ids: [String]) throws(RunStoreError) -> [String] {
        try change { db in
            try ids.filter { id in
                let number = try Self.number(of: id, db)
                try db.execute(
                    sql: "UPDATE runs SET deleted_at = NULL WHERE number = ? AND deleted_at IS NOT NULL",
                    arguments: [number])
                return db.changesCount > 0
            }
        }
    }

    /// Removes runs for good, with all that only they referred to; the file shrinks. The ledger of test sets stays.
    /// - parameter ids: whole ids; nil for all that are marked as deleted.
    /// - returns: the ids removed.
    /// - throws: `RunStoreError`, `isRunning` for one that is under way; then none is removed.
    public func purge(_ ids: [String]? = nil) throws(RunStoreError) -> [String] {
        let removed = try change { db in
            let ids =
                try ids ?? String.fetchAll(db, sql: "SELECT id FROM runs WHERE deleted_at IS NOT NULL ORDER BY number")
            for id in ids {
                let number = try Self.number(of: id, db)
                try Self.refuseRunning(id, number, db)
                try db.execute(sql: "DELETE FROM runs WHERE number = ?", arguments: [number])
            }
            guard !ids.isEmpty else { return ids }
            try db.execute(
                sql: """
                    DELETE FROM artifacts WHERE id NOT IN (SELECT artifact FROM stage_inputs)
                        AND id NOT IN (SELECT artifact FROM stage_outputs)
                    """)
            return ids
        }
        // Space only: a reader that holds the file open makes this wait for another time. The copy that it makes is no
        // matter for memory.
        if !removed.isEmpty {
            try? pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA temp_store = FILE")
                try db.execute(sql: "VACUUM")
                try db.execute(sql: "PRAGMA temp_store = MEMORY")
            }
        }
        return removed
    }

    private static func refuseRunning(_ id: String, _ number: Int64, _ db: Database) throws {
        let isRunning = try Bool.fetchOne(
            db, sql: "SELECT status = 'running' FROM runs WHERE number = ?", arguments: [number])
        if isRunning == true { throw RunStoreError.isRunning(id) }
    }

    static func number(of id: String, _ db: Database) throws -> Int64 {
        guard let number = try Int64.fetchOne(db, sql: "SELECT number FROM runs WHERE id = ?", arguments: [id]) else {
            throw RunStoreError.unknownRun(id, nearest: nil)
        }
        return number
    }

    /// Writes in one transaction; errors become `RunStoreError`.
    func change<Result>(_ body: (Database) throws -> Result) throws(RunStoreError) -> Result {
        do { return try pool.write(body) } catch { throw RunStoreError(error, path: path) }
    }
}
