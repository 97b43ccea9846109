import GRDB

extension RunStore {
    /// Adds tags to a run, replacing tags of the same name.
    /// - Parameter run: a full id.
    /// - Throws: `RunStoreError`.
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

    /// Removes tags from a run.
    /// - Throws: `RunStoreError`; `unknownTag` if the run lacks one of them, and then no tag is removed.
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

    /// Sets the note of a run.
    /// - Parameter text: the new note; empty removes the note.
    /// - Throws: `RunStoreError`.
    public func note(_ run: String, _ text: String) throws(RunStoreError) {
        try change { db in
            let number = try Self.number(of: run, db)
            try db.execute(sql: "UPDATE runs SET note = nullif(?, '') WHERE number = ?", arguments: [text, number])
        }
    }

    // MARK: Deleting

    /// Marks runs as deleted: no list, view or comparison shows them until they are restored. No data is removed.
    /// - Parameter ids: full ids.
    /// - Parameter time: seconds since 1970.
    /// - Throws: `RunStoreError`; `isRunning` if one of them is running, and then none is marked.
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

    /// Restores runs that are marked as deleted.
    /// - Returns: the ids of those that were marked.
    /// - Throws: `RunStoreError`.
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

    /// Removes runs permanently, with everything that only they referred to, and shrinks the file. The ledger of test
    /// sets is kept.
    /// - Parameter ids: full ids; nil for all runs that are marked as deleted.
    /// - Returns: the ids of the removed runs.
    /// - Throws: `RunStoreError`; `isRunning` if one of them is running, and then none is removed.
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
        // This only saves space: if a reader holds the file open, the space is reclaimed another time. The temporary
        // copy goes to disk, not to memory.
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

    /// Writes in one transaction and maps errors to `RunStoreError`.
    func change<Result>(_ body: (Database) throws -> Result) throws(RunStoreError) -> Result {
        do { return try pool.write(body) } catch { throw RunStoreError(error, path: path) }
    }
}
