/// The cells of a sweep, and the cell of each run.
///
/// A sweep is a desired state: its cells are stored before any of them runs, so that missing cells can be distinguished
/// from cells that were never wanted. A cell that the file no longer requests is kept, with its runs, and is not
/// `wanted`.
enum V2Sweeps {
    static let migration = Migration(name: "v2-sweeps", sql: tables + views)

    private static let tables = """
        ALTER TABLE sweeps ADD COLUMN pipeline TEXT NOT NULL DEFAULT '';
        ALTER TABLE sweeps ADD COLUMN file TEXT NOT NULL DEFAULT '';
        ALTER TABLE sweeps ADD COLUMN profile TEXT;
        ALTER TABLE sweeps ADD COLUMN declared_at REAL;

        CREATE TABLE sweep_cells (
            number INTEGER PRIMARY KEY,
            sweep TEXT NOT NULL REFERENCES sweeps (id) ON DELETE CASCADE,
            position INTEGER NOT NULL CHECK (position >= 0),
            arm TEXT NOT NULL,
            replicate INTEGER NOT NULL CHECK (replicate >= 0),
            wanted INTEGER NOT NULL CHECK (wanted IN (0, 1)),
            UNIQUE (sweep, arm, replicate)
        ) STRICT;

        CREATE TABLE sweep_parameters (
            cell INTEGER NOT NULL REFERENCES sweep_cells (number) ON DELETE CASCADE,
            position INTEGER NOT NULL CHECK (position >= 0),
            name TEXT NOT NULL CHECK (name <> ''),
            value TEXT NOT NULL CHECK (json_valid(value)),
            PRIMARY KEY (cell, name)
        ) STRICT, WITHOUT ROWID;

        ALTER TABLE runs ADD COLUMN cell INTEGER REFERENCES sweep_cells (number) ON DELETE SET NULL;

        CREATE INDEX runs_by_cell ON runs (cell, number) WHERE cell IS NOT NULL;


        """

    private static let views = """
        DROP VIEW v_sweeps;

        CREATE VIEW v_sweeps AS
            SELECT id AS sweep, name, spec, created_at, pipeline, file, profile, declared_at FROM sweeps;

        CREATE VIEW v_sweep_cells AS
            SELECT c.sweep, c.position, c.arm, c.replicate, c.wanted,
                (SELECT r.id FROM runs r WHERE r.cell = c.number AND r.status = 'succeeded' ORDER BY r.number DESC LIMIT 1) AS run,
                (SELECT r.id FROM runs r WHERE r.cell = c.number ORDER BY r.number DESC LIMIT 1) AS last_run,
                (SELECT r.status FROM runs r WHERE r.cell = c.number ORDER BY r.number DESC LIMIT 1) AS last_status
            FROM sweep_cells c;

        CREATE VIEW v_sweep_parameters AS
            SELECT c.sweep, c.arm, c.replicate, p.position, p.name, json_extract(p.value, '$') AS value, p.value AS json
            FROM sweep_parameters p JOIN sweep_cells c ON c.number = p.cell;

        CREATE VIEW v_sweep_runs AS
            SELECT c.sweep, c.position, c.arm, c.replicate, c.wanted, r.id AS run, r.status, r.started_at
            FROM runs r JOIN sweep_cells c ON c.number = r.cell;

        """
}
