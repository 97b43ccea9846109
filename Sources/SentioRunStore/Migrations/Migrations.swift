import GRDB

/// A step from one schema to the next. Its text never changes after release: new requirements are new steps.
struct Migration: Sendable {
    let name: String
    let sql: String
    /// Whether readers need this step. If not, a read-only file that lacks it can still be read.
    var isForReaders = true
    /// Work that SQL alone cannot do; runs after `sql`, in the same transaction.
    var code: (@Sendable (Database) throws -> Void)?
}

/// The steps in order. To add one, add a file and an entry; never edit an old one.
enum Migrations {
    static let all = [V1.migration, V2Sweeps.migration, V3.migration, V4.migration, V5.migration, V6.migration]

    static func migrator(_ migrations: [Migration]) -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for migration in migrations {
            migrator.registerMigration(migration.name) { db in
                try db.execute(sql: migration.sql)
                try migration.code?(db)
            }
        }
        return migrator
    }
}
