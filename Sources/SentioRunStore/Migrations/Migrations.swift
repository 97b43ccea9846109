import GRDB

/// A step from one schema to the next. Once released its text never changes: a new need is a new step.
struct Migration: Sendable {
    let name: String
    let sql: String
}

/// The steps in order. Add one file and one entry; never edit an old one.
enum Migrations {
    static let all = [V1.migration, V2Sweeps.migration]

    static func migrator(_ migrations: [Migration]) -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for migration in migrations {
            migrator.registerMigration(migration.name) { db in try db.execute(sql: migration.sql) }
        }
        return migrator
    }
}
