import Foundation
import GRDB

/// The history of runs: `artifacts/runs.sqlite`. Deleting the file never changes what is cached.
///
/// SQLite in WAL mode: readers never wait for a writer, and several processes may use one file. All calls are
/// synchronous and may be made from any thread.
public final class RunStore: Sendable {
    public let path: String
    /// What connections open: the path, or a URI where the file may only be read.
    let location: String
    /// A pool of connections; the only one of a store that is opened alone.
    let pool: any DatabaseWriter
    /// Whether no second connection can be opened meanwhile.
    let isAlone: Bool
    let probe: any ProcessProbe

    private init(
        path: String, location: String? = nil, pool: any DatabaseWriter, isAlone: Bool = false, probe: any ProcessProbe
    ) {
        self.path = path
        self.location = location ?? path
        self.pool = pool
        self.isAlone = isAlone
        self.probe = probe
    }

    /// Opens the store for reading and writing, makes it where there is none and brings an older schema up to date.
    /// Whoever then writes or lists calls `markInterrupted` first.
    /// - parameter probe: who says which processes are alive; by default the system.
    /// - throws: `RunStoreError`: not a database, another program's, a later schema, damaged, read-only, full, busy.
    public static func open(path: String, probe: any ProcessProbe = SystemProcessProbe()) throws(RunStoreError)
        -> RunStore
    {
        try open(path: path, probe: probe, migrations: Migrations.all)
    }

    /// Opens a store that exists, for commands that only look: on a read-only or a full disk too.
    /// - throws: `RunStoreError`, `missing` where there is no file.
    public static func openExisting(path: String, probe: any ProcessProbe = SystemProcessProbe()) throws(RunStoreError)
        -> RunStore
    {
        guard FileManager.default.fileExists(atPath: path) else { throw .missing(path: path) }
        do { return try open(path: path, probe: probe, migrations: Migrations.all) } catch {
            switch error {
            case .readOnly, .cannotOpen: return try openReadOnly(path: path, probe: probe)
            case .full, .failed:
                guard let store = try? openAlone(path: path, probe: probe) else { throw error }
                return store
            default: throw error
            }
        }
    }

    static func open(path: String, probe: any ProcessProbe, migrations: [Migration]) throws(RunStoreError) -> RunStore {
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
            // A file in WAL mode needs a `-shm` beside it, which cannot be made here. Where nothing waits in a
            // write-ahead log, the file is all there is, and SQLite may take it for one that nobody changes.
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

    /// Opens a store on a disk that is so full that not even the `-shm` beside it can be made. Whoever has the file to
    /// itself needs none: SQLite then keeps the index of the write-ahead log in memory. Writing says that the disk is
    /// full.
    private static func openAlone(path: String, probe: any ProcessProbe) throws(RunStoreError) -> RunStore {
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration(readOnly: false, isAlone: true))
            try checkSchema(queue, path: path)
            return RunStore(path: path, pool: queue, isAlone: true, probe: probe)
        } catch { throw RunStoreError(error, path: path) }
    }

    /// Whether a store that is only read has what readers need.
    private static func checkSchema(_ reader: any DatabaseReader, path: String) throws {
        let applied = try reader.read { db in try Migrations.migrator(Migrations.all).appliedIdentifiers(db) }
        let later = unknown(applied, Migrations.all)
        guard later.isEmpty else { throw RunStoreError.newerSchema(path: path, migrations: later) }
        let missing = Migrations.all.filter { $0.isForReaders && !applied.contains($0.name) }
        guard missing.isEmpty else { throw RunStoreError.olderSchema(path: path, migrations: missing.map(\.name)) }
    }

    private static func configuration(readOnly: Bool, isAlone: Bool = false) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        // Another run's batch takes milliseconds; what holds the lock for ten seconds is stuck.
        configuration.busyMode = .timeout(10)
        configuration.foreignKeysEnabled = true
        configuration.label = "run-store"
        configuration.prepareDatabase { db in
            // Before anything that reads the file.
            if isAlone { try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE") }
            // A filter over 10,000 runs visits some 10 MB of indexes in no order, and 1,000 metrics touch as many pages
            // of one: with SQLite's 2 MB each page is read again and again. Memory is taken only for pages that were
            // read.
            try db.execute(sql: "PRAGMA cache_size = -65536")
            // What a statement of many rows keeps to undo itself goes to a file otherwise, page by page.
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
            if !readOnly {
                // A checkpoint waits for the disk. Each 16 MB, not each 4 MB, so that most batches need none.
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
                // Of several processes that make the store at once, each does what the others have left: a step that
                // another one took meanwhile fails here, and then there is one more behind us.
                let now = try state()
                guard now.isComplete || now.applied.count > before.applied.count else { throw error }
                before = now
            }
        }
    }

    private static func unknown(_ applied: Set<String>, _ migrations: [Migration]) -> [String] {
        applied.subtracting(migrations.map(\.name)).sorted()
    }

    /// Switching a new file to WAL ignores SQLite's own busy timeout when two processes do it at once.
    private static func retryingWhileBusy<Result>(_ body: () throws -> Result) throws -> Result {
        for _ in 0..<50 {
            do { return try body() } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                usleep(20_000)
            }
        }
        return try body()
    }

    /// Reads in one snapshot; errors become `RunStoreError`.
    func read<Result>(_ body: (Database) throws -> Result) throws(RunStoreError) -> Result {
        do { return try pool.read(body) } catch { throw RunStoreError(error, path: path) }
    }
}
