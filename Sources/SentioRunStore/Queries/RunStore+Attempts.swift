import GRDB

/// The result of the most recent attempt to run a stage.
public struct StageAttempt: Sendable, Equatable {
    /// The id of the run.
    public let run: String
    /// The name of the stage.
    public let stage: String
    /// Start time of the run in seconds since 1970.
    public let startedAt: Double
    /// `running`, `executed`, `cached`, `failed`, `interrupted`.
    public let state: String
    /// The error message of a failed stage.
    public let message: String?
}

extension RunStore {
    /// The most recent attempt at a stage of a pipeline; deleted runs and runs that skipped the stage are ignored.
    /// - Throws: `RunStoreError`.
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

    /// The most recent run of a pipeline that has an artifact, given the name of its stage or `STAGE.port`.
    /// - Throws: `RunStoreError`.
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
