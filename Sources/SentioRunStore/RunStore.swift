import Foundation
import GRDB

/// The history of runs: `artifacts/runs.sqlite`. Deleting the file never changes what is cached.
///
/// SQLite in WAL mode: readers never wait for a writer, and several processes may use one file. All calls are
/// synchronous and may be made from any thread.
public final class RunStore: Sendable {
    /// The path of the SQLite file.
    public let path: String
    /// What connections open: the path, or a URI if the file is read-only.
    let location: String
    /// A pool of connections, or the only connection of a store that is opened exclusively.
    let pool: any DatabaseWriter
    /// Whether the store is opened exclusively, so that no second connection is possible.
    let isExclusive: Bool
    let probe: any ProcessProbe

    private init(
        path: String, location: String? = nil, pool: any DatabaseWriter, isExclusive: Bool = false,
        probe: any ProcessProbe
    ) {
        self.path = path
        self.location = location ?? path
        self.pool = pool
        self.isExclusive = isExclusive
        self.probe = probe
    }

    /// Opens the store for reading and writing; creates it if it does not exist and upgrades an older schema. Callers
    /// that write or list runs call `markInterrupted` or `settleEnded` first.
    /// - Throws: `RunStoreError`: not a database, another program's file, a later schema, damaged, read-only, full,
    ///   busy.
    public static func open(path: String) throws(RunStoreError) -> RunStore {
        try open(path: path, probe: SystemProcessProbe())
    }

    /// Opens an existing store for commands that only read; works on a read-only or full disk too.
    /// - Throws: `RunStoreError`; `missing` if there is no file.
    public static func openExisting(path: String) throws(RunStoreError) -> RunStore {
        try openExisting(path: path, probe: SystemProcessProbe())
    }

    /// - Parameter probe: checks which processes are alive.
    static func openExisting(path: String, probe: any ProcessProbe) throws(RunStoreError) -> RunStore {
        guard FileManager.default.fileExists(atPath: path) else { throw .missing(path: path) }
        do { return try open(path: path, probe: probe) } catch {
            switch error {
            case .readOnly, .cannotOpen: return try openReadOnly(path: path, probe: probe)
            case .full, .failed:
                guard let store = try? openExclusively(path: path, probe: probe) else { throw error }
                return store
            default: throw error
            }
        }
    }

    /// - Parameter probe: checks which processes are alive.
    static func open(
        path: String, probe: any ProcessProbe, migrations: [Migration] = Migrations.all
    ) throws(RunStoreError) -> RunStore {
        try FileHeader.check(path: path)
        do {
            let pool = try Self.retryingWhileBusy {
                try DatabasePool(path: path, configuration: configuration(readOnly: false))
            }
            try migrate(pool, path: path, migrations: migrations)
            return RunStore(path: path, pool: pool, probe: probe)
        } catch { throw RunStoreError(error, path: path) }
    }

    private static func openReadOnly(path: String, probe: any ProcessProbe) throws(RunStoreError) -> RunStore {
        do { return try openReadOnly(path: path, location: path, probe: probe) } catch {
            // A file in WAL mode needs a `-shm` file beside it, which cannot be created here. If there is no pending
            // write-ahead log, the database file is complete and SQLite may treat it as immutable.
            let waiting = (try? FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int) ?? 0
            let escaped = path.replacing("%", with: "%25").replacing("?", with: "%3f").replacing("#", with: "%23")
            guard error == .readOnly(path: path) || error.isCannotOpen, waiting == 0 else { throw error }
            do { return try openReadOnly(path: path, location: "file:\(escaped)?immutable=1", probe: probe) } catch let
                second
            {
                switch second {
                case .newerSchema, .olderSchema: throw second
                default: throw error
                }
            }
        }
    }

    private static func openReadOnly(path: String, location: String, probe: any ProcessProbe) throws(RunStoreError)
        -> RunStore
    {
        do {
            let pool = try DatabasePool(path: location, configuration: configuration(readOnly: true))
            try checkSchema(pool, path: path)
            return RunStore(path: path, location: location, pool: pool, probe: probe)
        } catch { throw RunStoreError(error, path: path) }
    }

    /// Opens a store exclusively, on a disk too full for the `-shm` file. SQLite then keeps the index of the
    /// write-ahead log in memory. Writes fail with `full`.
    private static func openExclusively(path: String, probe: any ProcessProbe) throws(RunStoreError) -> RunStore {
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration(readOnly: false, isExclusive: true))
            try checkSchema(queue, path: path)
            return RunStore(path: path, pool: queue, isExclusive: true, probe: probe)
        } catch { throw RunStoreError(error, path: path) }
    }

    /// Checks that the schema of a read-only store is recent enough for readers.
    private static func checkSchema(_ reader: any DatabaseReader, path: String) throws {
        let applied = try reader.read { db in try Migrations.migrator(Migrations.all).appliedIdentifiers(db) }
        let later = unknown(applied, Migrations.all)
        guard later.isEmpty else { throw RunStoreError.newerSchema(path: path, migrations: later) }
        let missing = Migrations.all.filter { $0.isForReaders && !applied.contains($0.name) }
        guard missing.isEmpty else { throw RunStoreError.olderSchema(path: path, migrations: missing.map(\.name)) }
    }

    private static func configuration(readOnly: Bool, isExclusive: Bool = false) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        // A batch of another run takes milliseconds; a lock held for ten seconds is stuck.
        configuration.busyMode = .timeout(10)
        configuration.foreignKeysEnabled = true
        configuration.label = "run-store"
        configuration.prepareDatabase { db in
            // Must precede anything that reads the file.
            if isExclusive { try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE") }
            // A filter over 10,000 runs visits about 10 MB of index pages in random order, and inserting 1,000 metrics
            // touches as many pages of an index: with SQLite's default of 2 MB pages are read repeatedly. Memory is
            // allocated only for pages that were read.
            try db.execute(sql: "PRAGMA cache_size = -65536")
            // Otherwise the statement journal of a multi-row statement is written to a file, page by page.
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
            if !readOnly {
                // A checkpoint waits for the disk. Every 16 MB rather than 4 MB, most batches need none.
                try db.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
            }
        }
        return configuration
    }

    static func migrate(_ pool: DatabasePool, path: String, migrations: [Migration]) throws {
        let migrator = Migrations.migrator(migrations)
        func state() throws -> (applied: Set<String>, isComplete: Bool) {
            try pool.read { db in (try migrator.appliedIdentifiers(db), try migrator.hasCompletedMigrations(db)) }
        }
        var before = try state()
        let later = unknown(before.applied, migrations)
        guard later.isEmpty else { throw RunStoreError.newerSchema(path: path, migrations: later) }
        while !before.isComplete {
            do { return try migrator.migrate(pool) } catch {
                // If several processes create the store at once, one of them may apply a migration that this one was
                // about to apply; the migration then fails here although the schema has advanced.
                let now = try state()
                guard now.isComplete || now.applied.count > before.applied.count else { throw error }
                before = now
            }
        }
    }

    private static func unknown(_ applied: Set<String>, _ migrations: [Migration]) -> [String] {
        applied.subtracting(migrations.map(\.name)).sorted()
    }

    /// Retries while the file is busy: SQLite ignores its busy timeout while two processes switch a new file to WAL
    /// mode.
    private static func retryingWhileBusy<Result>(_ body: () throws -> Result) throws -> Result {
        for _ in 0..<50 {
            do { return try body() } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                usleep(20_000)
            }
        }
        return try body()
    }

    /// Reads from one snapshot and maps errors to `RunStoreError`.
    func read<Result>(_ body: (Database) throws -> Result) throws(RunStoreError) -> Result {
        do { return try pool.read(body) } catch { throw RunStoreError(error, path: path) }
    }
}
