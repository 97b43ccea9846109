/// The headline and verdict of runs, `expect:` lines that were not evaluated, and the common names of stage copies.
enum V5 {
    static let migration = Migration(name: "v5-verdicts", sql: tables + views)

    private static let tables = """
        ALTER TABLE runs ADD COLUMN headline_stage TEXT CHECK (headline_stage <> '');
        ALTER TABLE runs ADD COLUMN headline_metric TEXT;
        ALTER TABLE runs ADD COLUMN headline_baseline TEXT;
        ALTER TABLE runs ADD COLUMN headline_declared INTEGER NOT NULL DEFAULT 0 CHECK (headline_declared IN (0, 1));
        ALTER TABLE runs ADD COLUMN verdict TEXT;

        -- What the copies of a stage are called together, and the stage of the same run that did the work.
        ALTER TABLE stage_executions ADD COLUMN copies TEXT;
        ALTER TABLE stage_executions ADD COLUMN shared_with TEXT;

        CREATE TABLE unchecked_expectations (
            run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
            position INTEGER NOT NULL CHECK (position >= 0),
            text TEXT NOT NULL,
            PRIMARY KEY (run, position)
        ) STRICT, WITHOUT ROWID;


        """

    private static let views = """
        DROP VIEW v_runs;
        DROP VIEW v_stages;

        CREATE VIEW v_runs AS
            SELECT id AS run, pipeline, file, name, profile, seed, replicate, sweep, status, started_at,
                strftime('%Y-%m-%dT%H:%M:%SZ', started_at, 'unixepoch') AS started, ended_at, seconds,
                stages, executed, cached, failed, skipped, host, git_commit, git_dirty, arguments, environment, note,
                headline_stage, headline_metric, headline_baseline, verdict
            FROM runs WHERE deleted_at IS NULL;

        CREATE VIEW v_stages AS
            SELECT r.id AS run, e.position, e.stage, e.kind, e.state, e.reason_code, e.reason_text, e.reason, s.key,
                e.seconds, e.items_total, e.items_executed, e.items_cached, e.items_failed, e.message, e.leakage, e.copies,
                e.shared_with
            FROM stage_executions e JOIN runs r ON r.number = e.run LEFT JOIN stage_results s ON s.id = e.result
            WHERE r.deleted_at IS NULL;

        CREATE VIEW v_headlines AS
            SELECT r.id AS run, h.rank, h.name, h.value FROM headlines h JOIN runs r ON r.number = h.run WHERE r.deleted_at IS NULL;

        CREATE VIEW v_unchecked_expectations AS
            SELECT r.id AS run, u.position, u.text
            FROM unchecked_expectations u JOIN runs r ON r.number = u.run WHERE r.deleted_at IS NULL;

        """
}
