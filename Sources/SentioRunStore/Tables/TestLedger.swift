import GRDB
import SentioKit

/// The ledger of evaluations on held-out songs, whose scores must not be used to select models.
///
/// A look is a table of scored songs that has not been recorded before. It is counted once, no matter how many runs
/// find it in the cache, and kept when its run is deleted. A test set is identified by its songs: by the hashes of
/// their audio, or by their ids if the audio is not known.
enum TestLedger {
    /// Sets of held-out songs on which scores are reported.
    static let sets: Set<String> = ["test", "out_of_fold"]

    /// Records the look that a table of scored songs represents.
    static func note(_ rows: [ItemPrediction], artifact: Int64, run: Int64, stage: String, _ db: Database) throws {
        var songs: Set<String> = []
        for row in rows where sets.contains(row.set) { songs.insert(row.song?.hex ?? "id:" + row.songID) }
        guard let set = try testSet(of: songs, db) else { return }
        try db.cachedStatement(sql: "UPDATE artifacts SET test_set = ? WHERE id = ?").execute(arguments: [
            set, artifact,
        ])
        // If the look was recorded before the songs' hashes were kept, it is the same look, and the set is now
        // identified more precisely.
        try db.cachedStatement(
            sql: """
                INSERT INTO test_looks (test_set, artifact, run, pipeline, stage, looked_at)
                SELECT ?, a.hash, r.id, r.pipeline, ?, r.started_at FROM artifacts a, runs r WHERE a.id = ? AND r.number = ?
                ON CONFLICT (artifact) DO UPDATE SET test_set = excluded.test_set
                """
        ).execute(arguments: [set, stage, artifact, run])
    }

    /// Fills the ledger of a file that was written before there was one.
    static func fillFromPredictions(_ db: Database) throws {
        let artifacts = try Int64.fetchAll(
            db,
            sql:
                "SELECT DISTINCT artifact FROM item_predictions WHERE \"set\" IN ('test', 'out_of_fold') ORDER BY "
                + "artifact"
        )
        for artifact in artifacts {
            let songs = try String.fetchSet(
                db,
                sql:
                    "SELECT DISTINCT 'id:' || song_id FROM item_predictions WHERE artifact = ? AND \"set\" IN "
                    + "('test', 'out_of_fold')",
                arguments: [artifact])
            guard let set = try testSet(of: songs, db) else { continue }
            try db.execute(sql: "UPDATE artifacts SET test_set = ? WHERE id = ?", arguments: [set, artifact])
            try db.execute(
                sql: """
                    INSERT INTO test_looks (test_set, artifact, run, pipeline, stage, looked_at)
                    SELECT ?, a.hash, r.id, r.pipeline, e.stage, r.started_at
                    FROM artifacts a JOIN stage_outputs o ON o.artifact = a.id JOIN stage_executions e ON e.result = o.result
                        JOIN runs r ON r.number = e.run
                    WHERE a.id = ? ORDER BY r.started_at, r.number, e.position LIMIT 1
                    """, arguments: [set, artifact])
        }
    }

    /// The row id of a set of songs, inserted if it is new; nil if there are no songs.
    private static func testSet(of songs: Set<String>, _ db: Database) throws -> Int64? {
        guard !songs.isEmpty else { return nil }
        let sorted = songs.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let hash = Hashing.content(sorted.joined(separator: "\n")).hex
        if let known = try Int64.fetchOne(db, sql: "SELECT id FROM test_sets WHERE hash = ?", arguments: [hash]) {
            return known
        }
        try db.execute(sql: "INSERT INTO test_sets (hash, songs) VALUES (?, ?)", arguments: [hash, sorted.count])
        let id = db.lastInsertedRowID
        let insertion = try db.cachedStatement(sql: "INSERT INTO test_set_songs (test_set, song) VALUES (?, ?)")
        for song in sorted { try insertion.execute(arguments: [id, song]) }
        return id
    }
}
