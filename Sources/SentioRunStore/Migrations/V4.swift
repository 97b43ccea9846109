import GRDB

/// Recomputes headlines so that scores come first, before metrics such as the number of sound files.
enum V4 {
    static let migration = Migration(name: "v4-headlines", sql: "", isForReaders: false) { db in
        for run in try Int64.fetchAll(db, sql: "SELECT number FROM runs WHERE status <> 'running'") {
            try Headline.store(run: run, about: nil, db)
        }
    }
}
