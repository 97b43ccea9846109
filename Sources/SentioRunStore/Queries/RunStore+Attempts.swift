import GRDB

/// What became of a stage when a run last came to it.
public struct StageAttempt: Sendable, Equatable {
    public let run: String
    public let stage: String
    /// When the run started, in seconds since 1970.
    public let startedAt: Double
    /// `running`, `executed`, `cached`, `failed`, `interrupted`.
    public let state: String
    /// What went wrong.
    public let message: String?
}

extension RunStore {
    /// The newest attempt at a stage of a pipeline; runs that are deleted, or did not come to it, do not count.
    /// - throws: `RunStoreError`.
    public func lastAttempt(at stage: String, of pipeline: String) throws(RunStoreError) -> StageAttempt? {
        try read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT r.id, r.started_at, e.state, e.message FROM runs r JOIN stage_executions e ON e.run = r.number
                    WHERE r.pipeline = ? AND e.stage = ? AND e.state <> 'skipped' AND r.deleted_at IS NULL
                    ORDER BY r.started_at DESC, r.number DESC LIMIT 1
                    """, arguments: [pipeline, stage])
            return row.map { StageAttempt(run: $0[0], stage: stage, startedAt: $0[1], state: $0[2], message: $0[3]) }
        }
    }

    /// The newest run of a pipeline that has an artifact, by the name of its stage or `STAGE.port`.
    /// - throws: `RunStoreError`.
    public func lastRun(having artifact: String, of pipeline: String) throws(RunStoreError) -> String? {
        try read { db in
            try String.fetchOne(
                db,
                sql: """
                    SELECT r.id FROM runs r WHERE r.pipeline = ? AND r.deleted_at IS NULL AND EXISTS (
                        SELECT 1 FROM stage_executions e JOIN stage_outputs o ON o.result = e.result
                        WHERE e.run = r.number AND (e.stage = ? OR e.stage || '.' || o.port = ?))
                    ORDER BY r.started_at DESC, r.number DESC LIMIT 1
                    """, arguments: [pipeline, artifact, artifact])
        }
    }
}
