import GRDB
public import SentioKit

/// A stage of a run whose results a marked song reached.
public struct TaintedStage: Sendable, Equatable {
    public var run: String
    public var stage: String
    public var song: TaintMark

    public var value: Value {
        [
            "run": .string(run), "stage": .string(stage), "song": .string(song.song.hex), "song_id": .string(song.id),
            "reason": .string(song.reason), "marked_at": .double(song.markedAt),
        ]
    }
}

extension RunStore {
    /// Marks in the history every stage of every run that left one of these artifacts. What counts for the cache is the
    /// list in the workspace, not this.
    /// - returns: the stages marked, oldest run first.
    /// - throws: `RunStoreError`.
    public func taint(_ song: TaintMark, artifacts: Set<ContentHash>) throws(RunStoreError) -> [TaintedStage] {
        try change { db in
            try db.execute(
                sql: """
                    INSERT INTO taints (song, song_id, reason, marked_at) VALUES (?, ?, ?, ?)
                    ON CONFLICT (song) DO UPDATE SET song_id = excluded.song_id, reason = excluded.reason, marked_at = excluded.marked_at
                    """, arguments: [song.song.hex, song.id, song.reason, song.markedAt])
            let mark = try db.cachedStatement(
                sql: """
                    INSERT OR IGNORE INTO tainted_stages (run, stage, taint)
                    SELECT e.run, e.stage, (SELECT id FROM taints WHERE song = ?) FROM artifacts a
                        JOIN stage_outputs o ON o.artifact = a.id JOIN stage_executions e ON e.result = o.result WHERE a.hash = ?
                    """)
            for artifact in artifacts.sorted() { try mark.execute(arguments: [song.song.hex, artifact.hex]) }
            return try Self.tainted(db, "WHERE t.song = ?", [song.song.hex])
        }
    }

    /// Takes the marks of a song out of the history.
    /// - throws: `RunStoreError`.
    public func untaint(_ song: ContentHash) throws(RunStoreError) {
        try change { db in try db.execute(sql: "DELETE FROM taints WHERE song = ?", arguments: [song.hex]) }
    }

    /// The stages that marked songs reached.
    /// - parameter run: only of this run, a whole id; nil for all.
    /// - throws: `RunStoreError`.
    public func taintedStages(of run: String? = nil) throws(RunStoreError) -> [TaintedStage] {
        try read { db in
            guard let run else { return try Self.tainted(db, "", []) }
            return try Self.tainted(db, "WHERE r.id = ?", [run])
        }
    }

    private static func tainted(_ db: Database, _ filter: String, _ arguments: StatementArguments) throws
        -> [TaintedStage]
    {
        try Row.fetchAll(
            db,
            sql: """
                SELECT r.id, e.stage, t.song, t.song_id, t.reason, t.marked_at
                FROM tainted_stages x JOIN taints t ON t.id = x.taint JOIN runs r ON r.number = x.run
                    JOIN stage_executions e ON e.run = x.run AND e.stage = x.stage
                \(filter) ORDER BY r.started_at, r.number, e.position, t.id
                """, arguments: arguments
        ).compactMap { row in
            guard let song = ContentHash(hex: row[2] as String) else { return nil }
            return TaintedStage(
                run: row[0], stage: row[1], song: TaintMark(song: song, id: row[3], reason: row[4], markedAt: row[5]))
        }
    }
}
