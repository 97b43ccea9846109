import GRDB
public import SentioKit

/// A stage of a run whose results depend on a tainted song.
public struct TaintedStage: Sendable, Equatable {
    /// The id of the run.
    public var run: String
    /// The name of the stage.
    public var stage: String
    /// The tainted song, with reason and time.
    public var song: TaintMark

    /// The JSON object that `--json` prints.
    public var value: Value {
        [
            "run": .string(run), "stage": .string(stage), "song": .string(song.song.hex), "song_id": .string(song.id),
            "reason": .string(song.reason), "marked_at": .double(song.markedAt),
        ]
    }
}

extension RunStore {
    /// Marks every stage of every run in the history that produced one of these artifacts. This is for display; the
    /// cache consults the list in the workspace.
    /// - Returns: the marked stages, oldest run first.
    /// - Throws: `RunStoreError`.
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

    /// Removes the marks of a song from the history.
    /// - Throws: `RunStoreError`.
    public func untaint(_ song: ContentHash) throws(RunStoreError) {
        try change { db in try db.execute(sql: "DELETE FROM taints WHERE song = ?", arguments: [song.hex]) }
    }

    /// The stages that tainted songs reached.
    /// - Parameter run: the full id of a run to restrict the result to; nil for all.
    /// - Throws: `RunStoreError`.
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
