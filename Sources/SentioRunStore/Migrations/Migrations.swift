import GRDB

/// A step from one schema to the next. Once released its text never changes: a new need is a new step.
struct Migration: Sendable {
    let name: String
    let sql: String
    /// Whether who only reads needs it; one that cannot be made, since the file may not be written, is not missed
    /// otherwise.
    var isForReaders = true
    /// What SQL alone cannot say; runs after it, in the same transaction.
    var code: (@Sendable (Database) throws -> Void)?
}

/// The steps in order. Add one file and one entry; never edit an old one.
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
