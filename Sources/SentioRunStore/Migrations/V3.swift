import GRDB

/// Notes, deletion marks, stored levels of long series, the ledger of test sets, and taint marks.
///
/// The views are recreated so that deleted runs appear in none of them.
enum V3 {
    static let migration = Migration(name: "v3-history", sql: tables + droppedViews + views, code: fill)

    private static let tables = """
        ALTER TABLE runs ADD COLUMN note TEXT CHECK (note <> '');
        ALTER TABLE runs ADD COLUMN deleted_at REAL;
        CREATE INDEX runs_deleted ON runs (deleted_at) WHERE deleted_at IS NOT NULL;

        -- A long series in buckets of `span` points each; its points stay in series_points.
        CREATE TABLE series_levels (
            id INTEGER PRIMARY KEY,
            series INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
            span INTEGER NOT NULL CHECK (span > 1),
            points INTEGER NOT NULL CHECK (points > 0),
            buckets BLOB NOT NULL CHECK (length(buckets) > 0 AND length(buckets) % 48 = 0),
            UNIQUE (series, span)
        ) STRICT;

        CREATE TABLE test_sets (
            id INTEGER PRIMARY KEY,
            hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
            songs INTEGER NOT NULL CHECK (songs > 0)
        ) STRICT;

        CREATE TABLE test_set_songs (
            test_set INTEGER NOT NULL REFERENCES test_sets (id) ON DELETE CASCADE,
            song TEXT NOT NULL CHECK (song <> ''),
            PRIMARY KEY (test_set, song)
        ) STRICT, WITHOUT ROWID;

        ALTER TABLE artifacts ADD COLUMN test_set INTEGER REFERENCES test_sets (id);

        -- Who looked stays known when the run is gone, so these rows refer to no run.
        CREATE TABLE test_looks (
            id INTEGER PRIMARY KEY,
            test_set INTEGER NOT NULL REFERENCES test_sets (id),
            artifact TEXT NOT NULL UNIQUE CHECK (length(artifact) = 64),
            run TEXT NOT NULL CHECK (run <> ''),
            pipeline TEXT NOT NULL,
            stage TEXT NOT NULL CHECK (stage <> ''),
            looked_at REAL NOT NULL
        ) STRICT;
        CREATE INDEX looks_by_set ON test_looks (test_set);

        CREATE TABLE taints (
            id INTEGER PRIMARY KEY,
            song TEXT NOT NULL UNIQUE CHECK (length(song) = 64),
            song_id TEXT NOT NULL,
            reason TEXT NOT NULL CHECK (reason <> ''),
            marked_at REAL NOT NULL
        ) STRICT;

        CREATE TABLE tainted_stages (
            run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
            stage TEXT NOT NULL CHECK (stage <> ''),
            taint INTEGER NOT NULL REFERENCES taints (id) ON DELETE CASCADE,
            PRIMARY KEY (run, stage, taint)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX tainted_by_taint ON tainted_stages (taint);


        """

    private static let droppedViews = [
        "v_runs", "v_parameters", "v_tags", "v_expectations", "v_warnings", "v_stages", "v_configuration", "v_metrics",
        "v_series",
        "v_lineage", "v_predictions", "v_sweep_cells", "v_sweep_runs",
    ].map { "DROP VIEW \($0);\n" }.joined()

    private static let views = """
        CREATE VIEW v_runs AS
            SELECT id AS run, pipeline, file, name, profile, seed, replicate, sweep, status, started_at,
                strftime('%Y-%m-%dT%H:%M:%SZ', started_at, 'unixepoch') AS started, ended_at, seconds,
                stages, executed, cached, failed, skipped, host, git_commit, git_dirty, arguments, environment, note
            FROM runs WHERE deleted_at IS NULL;

        CREATE VIEW v_parameters AS
            SELECT r.id AS run, p.name, json_extract(p.value, '$') AS value, p.value AS json, p.origin
            FROM run_parameters p JOIN runs r ON r.number = p.run WHERE r.deleted_at IS NULL;

        CREATE VIEW v_tags AS
            SELECT r.id AS run, t.name, t.value FROM tags t JOIN runs r ON r.number = t.run WHERE r.deleted_at IS NULL;

        CREATE VIEW v_expectations AS
            SELECT r.id AS run, e.position, e.text, e.holds, e.evidence
            FROM expectations e JOIN runs r ON r.number = e.run WHERE r.deleted_at IS NULL;

        CREATE VIEW v_warnings AS
            SELECT r.id AS run, w.position, w.stage, w.sentence
            FROM warnings w JOIN runs r ON r.number = w.run WHERE r.deleted_at IS NULL;

        CREATE VIEW v_stages AS
            SELECT r.id AS run, e.position, e.stage, e.kind, e.state, e.reason_code, e.reason_text, e.reason, s.key,
                e.seconds, e.items_total, e.items_executed, e.items_cached, e.items_failed, e.message, e.leakage
            FROM stage_executions e JOIN runs r ON r.number = e.run LEFT JOIN stage_results s ON s.id = e.result
            WHERE r.deleted_at IS NULL;

        CREATE VIEW v_configuration AS
            SELECT r.id AS run, e.stage, c.key AS name, c.value
            FROM stage_executions e JOIN runs r ON r.number = e.run JOIN stage_results s ON s.id = e.result,
                json_each(s.configuration) c
            WHERE r.deleted_at IS NULL;

        CREATE VIEW v_metrics AS
            SELECT r.id AS run, e.stage, m.name, m.value
            FROM stage_executions e JOIN runs r ON r.number = e.run JOIN metrics m ON m.result = e.result
            WHERE r.deleted_at IS NULL;

        CREATE VIEW v_series AS
            SELECT r.id AS run, e.stage, s.name, p.step, p.value
            FROM stage_executions e JOIN runs r ON r.number = e.run JOIN series s ON s.result = e.result
                JOIN series_points p ON p.series = s.id
            WHERE r.deleted_at IS NULL;

        CREATE VIEW v_lineage AS
            SELECT r.id AS run, e.stage, 'input' AS direction, i.port, a.hash AS artifact, a.type
            FROM stage_executions e JOIN runs r ON r.number = e.run JOIN stage_inputs i ON i.result = e.result
                JOIN artifacts a ON a.id = i.artifact
            WHERE r.deleted_at IS NULL
            UNION ALL
            SELECT r.id, e.stage, 'output', o.port, a.hash, a.type
            FROM stage_executions e JOIN runs r ON r.number = e.run JOIN stage_outputs o ON o.result = e.result
                JOIN artifacts a ON a.id = o.artifact
            WHERE r.deleted_at IS NULL;

        CREATE VIEW v_predictions AS
            SELECT r.id AS run, e.stage, o.port, p.song_id, p."set", p.dimension, p.truth, p.predicted
            FROM stage_executions e JOIN runs r ON r.number = e.run JOIN stage_outputs o ON o.result = e.result
                JOIN item_predictions p ON p.artifact = o.artifact
            WHERE r.deleted_at IS NULL;

        CREATE VIEW v_sweep_cells AS
            SELECT c.sweep, c.position, c.arm, c.replicate, c.wanted,
                (SELECT r.id FROM runs r WHERE r.cell = c.number AND r.status = 'succeeded' AND r.deleted_at IS NULL
                    ORDER BY r.number DESC LIMIT 1) AS run,
                (SELECT r.id FROM runs r WHERE r.cell = c.number AND r.deleted_at IS NULL ORDER BY r.number DESC LIMIT 1) AS last_run,
                (SELECT r.status FROM runs r WHERE r.cell = c.number AND r.deleted_at IS NULL
                    ORDER BY r.number DESC LIMIT 1) AS last_status
            FROM sweep_cells c;

        CREATE VIEW v_sweep_runs AS
            SELECT c.sweep, c.position, c.arm, c.replicate, c.wanted, r.id AS run, r.status, r.started_at
            FROM runs r JOIN sweep_cells c ON c.number = r.cell WHERE r.deleted_at IS NULL;

        CREATE VIEW v_test_looks AS
            SELECT s.hash AS test_set, s.songs, l.run, l.pipeline, l.stage, l.artifact, l.looked_at,
                strftime('%Y-%m-%dT%H:%M:%SZ', l.looked_at, 'unixepoch') AS looked
            FROM test_looks l JOIN test_sets s ON s.id = l.test_set;

        CREATE VIEW v_taints AS
            SELECT r.id AS run, x.stage, t.song_id, t.song, t.reason, t.marked_at
            FROM tainted_stages x JOIN taints t ON t.id = x.taint JOIN runs r ON r.number = x.run WHERE r.deleted_at IS NULL;

        """

    /// Fills the new tables from the contents of older files: the uses of test sets, and the levels of long series.
    private static func fill(_ db: Database) throws {
        try TestLedger.fillFromPredictions(db)
        // The songs' hashes were not kept then, so these artifacts are examined again when a run next uses them.
        try db.execute(sql: "UPDATE artifacts SET examined = 0 WHERE test_set IS NOT NULL")
        let long = try Int64.fetchAll(
            db, sql: "SELECT series FROM series_points GROUP BY series HAVING count(*) > ?",
            arguments: [SeriesLevels.minimumPoints])
        for series in long { try SeriesLevels.store(try SeriesLevels.points(of: series, db), series: series, db) }
    }
}
