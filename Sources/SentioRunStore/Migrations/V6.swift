/// Published claims about the models of a run. Equal claims of several runs are stored once.
enum V6 {
    static let migration = Migration(name: "v6-claims", sql: tables + views, isForReaders: false)

    private static let tables = """
        CREATE TABLE publications (
            id INTEGER PRIMARY KEY,
            digest TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
            title TEXT NOT NULL CHECK (title <> ''),
            opening TEXT NOT NULL CHECK (opening <> '')
        ) STRICT;

        CREATE TABLE published_claims (
            publication INTEGER NOT NULL REFERENCES publications (id) ON DELETE CASCADE,
            position INTEGER NOT NULL CHECK (position >= 0),
            model TEXT NOT NULL CHECK (model <> ''),
            claim TEXT NOT NULL CHECK (claim <> ''),
            status TEXT NOT NULL CHECK (status IN ('measured', 'flawed', 'never')),
            note TEXT NOT NULL CHECK (note <> ''),
            PRIMARY KEY (publication, position)
        ) STRICT, WITHOUT ROWID;

        ALTER TABLE runs ADD COLUMN publication INTEGER REFERENCES publications (id);
        CREATE INDEX runs_by_publication ON runs (publication) WHERE publication IS NOT NULL;

        CREATE TRIGGER unused_publication AFTER DELETE ON runs WHEN OLD.publication IS NOT NULL BEGIN
            DELETE FROM publications WHERE id = OLD.publication
                AND NOT EXISTS (SELECT 1 FROM runs WHERE publication = OLD.publication);
        END;


        """

    private static let views = """
        CREATE VIEW v_claims AS
            SELECT r.id AS run, p.title, c.position, c.model, c.claim, c.status, c.note
            FROM runs r JOIN publications p ON p.id = r.publication JOIN published_claims c ON c.publication = p.id
            WHERE r.deleted_at IS NULL;

        """
}
