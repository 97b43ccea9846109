/// The first schema. Constraints are part of the tables, not of the code that fills them; the views are the public SQL
/// interface (`docs/run-store.md`).
///
/// The result of a stage (configuration, lineage, metrics, series) is a row of `stage_results` that runs refer to. A
/// run that finds everything cached adds one row per stage, and a series of 10,000 points is stored once no matter how
/// many runs reuse it.
enum V1 {
    static let migration = Migration(name: "v1", sql: tables + indexes + views)

    /// `Sent` in ASCII: distinguishes a run store from another program's SQLite file.
    static let applicationID: UInt32 = 0x5365_6E74

    private static let tables = """
        PRAGMA application_id = 1399156340;

        CREATE TABLE sweeps (
            id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
            name TEXT,
            spec TEXT NOT NULL CHECK (json_valid(spec)),
            created_at REAL NOT NULL
        ) STRICT;

        CREATE TABLE runs (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE CHECK (id <> ''),
            pipeline TEXT NOT NULL,
            file TEXT NOT NULL,
            name TEXT,
            profile TEXT,
            seed INTEGER NOT NULL,
            replicate INTEGER NOT NULL CHECK (replicate >= 0),
            sweep TEXT REFERENCES sweeps (id) ON DELETE SET NULL,
            status TEXT NOT NULL CHECK (status IN ('running', 'succeeded', 'failed', 'interrupted')),
            started_at REAL NOT NULL,
            seen_at REAL NOT NULL,
            ended_at REAL,
            seconds REAL CHECK (seconds >= 0),
            process_id INTEGER NOT NULL,
            process_start TEXT,
            boot TEXT,
            host TEXT NOT NULL,
            arguments TEXT NOT NULL CHECK (json_type(arguments) = 'array'),
            environment TEXT NOT NULL CHECK (json_type(environment) = 'object'),
            git_commit TEXT,
            git_dirty INTEGER CHECK (git_dirty IN (0, 1)),
            stages INTEGER NOT NULL CHECK (stages >= 0),
            executed INTEGER NOT NULL DEFAULT 0 CHECK (executed >= 0),
            cached INTEGER NOT NULL DEFAULT 0 CHECK (cached >= 0),
            failed INTEGER NOT NULL DEFAULT 0 CHECK (failed >= 0),
            skipped INTEGER NOT NULL DEFAULT 0 CHECK (skipped >= 0),
            CHECK ((status = 'running') = (ended_at IS NULL)),
            CHECK ((ended_at IS NULL) = (seconds IS NULL))
        ) STRICT;

        CREATE TABLE run_parameters (
            run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
            name TEXT NOT NULL,
            value TEXT NOT NULL CHECK (json_valid(value)),
            origin TEXT NOT NULL,
            PRIMARY KEY (run, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE tags (
            run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
            name TEXT NOT NULL CHECK (name <> ''),
            value TEXT NOT NULL,
            PRIMARY KEY (run, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE headlines (
            run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
            rank INTEGER NOT NULL CHECK (rank >= 0),
            name TEXT NOT NULL,
            value REAL,
            PRIMARY KEY (run, rank)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE expectations (
            run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
            position INTEGER NOT NULL CHECK (position >= 0),
            text TEXT NOT NULL,
            holds INTEGER NOT NULL CHECK (holds IN (0, 1)),
            evidence TEXT NOT NULL,
            PRIMARY KEY (run, position)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE warnings (
            run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
            position INTEGER NOT NULL CHECK (position >= 0),
            stage TEXT,
            sentence TEXT NOT NULL,
            PRIMARY KEY (run, position)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE stage_results (
            id INTEGER PRIMARY KEY,
            digest TEXT UNIQUE CHECK (length(digest) = 64),
            key TEXT CHECK (length(key) = 64),
            configuration TEXT NOT NULL CHECK (json_type(configuration) = 'object')
        ) STRICT;

        CREATE TABLE stage_executions (
            run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
            stage TEXT NOT NULL CHECK (stage <> ''),
            position INTEGER NOT NULL CHECK (position >= 0),
            kind TEXT NOT NULL,
            state TEXT NOT NULL
                CHECK (state IN ('running', 'executed', 'cached', 'failed', 'skipped', 'interrupted')),
            reason_code TEXT,
            reason_text TEXT,
            reason TEXT CHECK (json_type(reason) = 'object'),
            seconds REAL CHECK (seconds >= 0),
            items_total INTEGER CHECK (items_total >= 0),
            items_executed INTEGER CHECK (items_executed >= 0),
            items_cached INTEGER CHECK (items_cached >= 0),
            items_failed INTEGER CHECK (items_failed >= 0),
            message TEXT,
            leakage INTEGER NOT NULL DEFAULT 0 CHECK (leakage IN (0, 1)),
            result INTEGER REFERENCES stage_results (id),
            PRIMARY KEY (run, stage),
            CHECK ((reason IS NULL) = (reason_code IS NULL) AND (reason IS NULL) = (reason_text IS NULL)),
            CHECK ((items_total IS NULL) = (items_executed IS NULL) AND (items_total IS NULL) = (items_cached IS NULL)
                AND (items_total IS NULL) = (items_failed IS NULL))
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE artifacts (
            id INTEGER PRIMARY KEY,
            hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
            type TEXT,
            examined INTEGER NOT NULL DEFAULT 0 CHECK (examined IN (0, 1))
        ) STRICT;

        CREATE TABLE stage_inputs (
            result INTEGER NOT NULL REFERENCES stage_results (id) ON DELETE CASCADE,
            port TEXT NOT NULL,
            artifact INTEGER NOT NULL REFERENCES artifacts (id),
            PRIMARY KEY (result, port)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE stage_outputs (
            result INTEGER NOT NULL REFERENCES stage_results (id) ON DELETE CASCADE,
            port TEXT NOT NULL,
            artifact INTEGER NOT NULL REFERENCES artifacts (id),
            PRIMARY KEY (result, port)
        ) STRICT, WITHOUT ROWID;

        -- A value that is not a number (NaN) is NULL in metrics and series, since SQLite knows no NaN.
        CREATE TABLE metrics (
            result INTEGER NOT NULL REFERENCES stage_results (id) ON DELETE CASCADE,
            name TEXT NOT NULL CHECK (name <> ''),
            value REAL,
            PRIMARY KEY (result, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE series (
            id INTEGER PRIMARY KEY,
            result INTEGER NOT NULL REFERENCES stage_results (id) ON DELETE CASCADE,
            name TEXT NOT NULL CHECK (name <> ''),
            UNIQUE (result, name)
        ) STRICT;

        CREATE TABLE series_points (
            series INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
            step INTEGER NOT NULL,
            value REAL,
            PRIMARY KEY (series, step)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE item_predictions (
            artifact INTEGER NOT NULL REFERENCES artifacts (id) ON DELETE CASCADE,
            song_id TEXT NOT NULL CHECK (song_id <> ''),
            dimension TEXT NOT NULL CHECK (dimension <> ''),
            "set" TEXT NOT NULL,
            truth REAL NOT NULL,
            predicted REAL NOT NULL,
            PRIMARY KEY (artifact, song_id, dimension)
        ) STRICT, WITHOUT ROWID;

        CREATE TRIGGER unused_result AFTER DELETE ON stage_executions WHEN OLD.result IS NOT NULL BEGIN
            DELETE FROM stage_results WHERE id = OLD.result
                AND NOT EXISTS (SELECT 1 FROM stage_executions WHERE result = OLD.result);
        END;


        """

    private static let indexes = """
        CREATE INDEX runs_by_start ON runs (started_at DESC);
        CREATE INDEX runs_by_pipeline ON runs (pipeline, started_at DESC);
        CREATE INDEX runs_by_name ON runs (name, started_at DESC) WHERE name IS NOT NULL;
        CREATE INDEX runs_by_sweep ON runs (sweep) WHERE sweep IS NOT NULL;
        CREATE INDEX runs_under_way ON runs (number) WHERE status = 'running';
        CREATE INDEX parameters_by_value ON run_parameters (name, value);
        CREATE INDEX tags_by_value ON tags (name, value);
        CREATE INDEX executions_by_result ON stage_executions (result) WHERE result IS NOT NULL;
        CREATE INDEX results_by_key ON stage_results (key);
        CREATE INDEX inputs_by_artifact ON stage_inputs (artifact);
        CREATE INDEX outputs_by_artifact ON stage_outputs (artifact);
        CREATE INDEX artifacts_to_examine ON artifacts (id) WHERE examined = 0;
        CREATE INDEX metrics_by_value ON metrics (name, value);


        """

    private static let views = """
        CREATE VIEW v_runs AS
            SELECT id AS run, pipeline, file, name, profile, seed, replicate, sweep, status, started_at,
                strftime('%Y-%m-%dT%H:%M:%SZ', started_at, 'unixepoch') AS started, ended_at, seconds,
                stages, executed, cached, failed, skipped, host, git_commit, git_dirty, arguments, environment
            FROM runs;

        CREATE VIEW v_parameters AS
            SELECT r.id AS run, p.name, json_extract(p.value, '$') AS value, p.value AS json, p.origin
            FROM run_parameters p JOIN runs r ON r.number = p.run;

        CREATE VIEW v_tags AS SELECT r.id AS run, t.name, t.value FROM tags t JOIN runs r ON r.number = t.run;

        CREATE VIEW v_expectations AS
            SELECT r.id AS run, e.position, e.text, e.holds, e.evidence FROM expectations e JOIN runs r ON r.number = e.run;

        CREATE VIEW v_warnings AS
            SELECT r.id AS run, w.position, w.stage, w.sentence FROM warnings w JOIN runs r ON r.number = w.run;

        CREATE VIEW v_stages AS
            SELECT r.id AS run, e.position, e.stage, e.kind, e.state, e.reason_code, e.reason_text, e.reason, s.key,
                e.seconds, e.items_total, e.items_executed, e.items_cached, e.items_failed, e.message, e.leakage
            FROM stage_executions e JOIN runs r ON r.number = e.run LEFT JOIN stage_results s ON s.id = e.result;

        CREATE VIEW v_configuration AS
            SELECT r.id AS run, e.stage, c.key AS name, c.value
            FROM stage_executions e JOIN runs r ON r.number = e.run JOIN stage_results s ON s.id = e.result,
                json_each(s.configuration) c;

        CREATE VIEW v_metrics AS
            SELECT r.id AS run, e.stage, m.name, m.value
            FROM stage_executions e JOIN runs r ON r.number = e.run JOIN metrics m ON m.result = e.result;

        CREATE VIEW v_series AS
            SELECT r.id AS run, e.stage, s.name, p.step, p.value
            FROM stage_executions e JOIN runs r ON r.number = e.run JOIN series s ON s.result = e.result
                JOIN series_points p ON p.series = s.id;

        CREATE VIEW v_lineage AS
            SELECT r.id AS run, e.stage, 'input' AS direction, i.port, a.hash AS artifact, a.type
            FROM stage_executions e JOIN runs r ON r.number = e.run JOIN stage_inputs i ON i.result = e.result
                JOIN artifacts a ON a.id = i.artifact
            UNION ALL
            SELECT r.id, e.stage, 'output', o.port, a.hash, a.type
            FROM stage_executions e JOIN runs r ON r.number = e.run JOIN stage_outputs o ON o.result = e.result
                JOIN artifacts a ON a.id = o.artifact;

        CREATE VIEW v_predictions AS
            SELECT r.id AS run, e.stage, o.port, p.song_id, p."set", p.dimension, p.truth, p.predicted
            FROM stage_executions e JOIN runs r ON r.number = e.run JOIN stage_outputs o ON o.result = e.result
                JOIN item_predictions p ON p.artifact = o.artifact;

        CREATE VIEW v_sweeps AS SELECT id AS sweep, name, spec, created_at FROM sweeps;

        """
}
