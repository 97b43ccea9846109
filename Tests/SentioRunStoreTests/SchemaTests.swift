import GRDB
import SentioKit
import Testing

@testable import SentioRunStore

@Suite struct SchemaTests {
    static let run = """
        INSERT INTO runs (id, pipeline, file, seed, replicate, status, started_at, seen_at, process_id, host, arguments, environment, stages)
        VALUES ('r1', 'p', 'p.yaml', 1, 0, 'running', 1, 1, 1, 'h', '[]', '{}', 1);
        INSERT INTO stage_results (id, configuration) VALUES (1, '{}');
        INSERT INTO artifacts (id, hash) VALUES (1, '\(String(repeating: "a", count: 64))');
        INSERT INTO series (id, result, name) VALUES (1, 1, 'loss');
        INSERT INTO series_points (series, step, value) VALUES (1, 0, 0.5);
        INSERT INTO metrics (result, name, value) VALUES (1, 'mse', 0.5);
        INSERT INTO item_predictions (artifact, song_id, dimension, "set", truth, predicted) VALUES (1, 's', 'valence', 'test', 5, 6);
        """

    @Test(arguments: [
        "INSERT INTO runs SELECT * FROM runs",
        "UPDATE runs SET pipeline = NULL",
        "UPDATE runs SET seed = 'one'",
        "UPDATE runs SET status = 'done'",
        "UPDATE runs SET status = 'succeeded'",
        "UPDATE runs SET ended_at = 5",
        "UPDATE runs SET arguments = '{}'",
        "UPDATE runs SET environment = 'no json'",
        "UPDATE runs SET replicate = -1",
        "UPDATE runs SET sweep = 'nowhere'",
        "INSERT INTO run_parameters (run, name, value, origin) VALUES (99, 'a', '1', 'x')",
        "INSERT INTO run_parameters (run, name, value, origin) VALUES (1, 'a', 'no json', 'x')",
        "INSERT INTO tags (run, name, value) VALUES (1, '', 'x')",
        "INSERT INTO stage_executions (run, stage, position, kind, state) VALUES (99, 'a', 0, 'k', 'cached')",
        "INSERT INTO stage_executions (run, stage, position, kind, state) VALUES (1, 'a', 0, 'k', 'perhaps')",
        "INSERT INTO stage_executions (run, stage, position, kind, state, reason_code) VALUES (1, 'a', 0, 'k', 'cached', 'forced')",
        "INSERT INTO stage_executions (run, stage, position, kind, state, items_total) VALUES (1, 'a', 0, 'k', 'cached', 3)",
        "INSERT INTO stage_executions (run, stage, position, kind, state, result) VALUES (1, 'a', 0, 'k', 'cached', 99)",
        "INSERT INTO stage_results (digest, configuration) VALUES ('short', '{}')",
        "INSERT INTO artifacts (hash) VALUES ('short')",
        "INSERT INTO artifacts (hash) SELECT hash FROM artifacts",
        "INSERT INTO stage_outputs (result, port, artifact) VALUES (1, 'model', 99)",
        "INSERT INTO metrics (result, name, value) VALUES (1, 'mse', 0.7)",
        "INSERT INTO metrics (result, name, value) VALUES (1, 'r2', 'good')",
        "INSERT INTO series_points (series, step, value) VALUES (1, 0, 0.7)",
        "INSERT INTO series_points (series, step, value) VALUES (99, 0, 0.7)",
        "INSERT INTO item_predictions SELECT * FROM item_predictions",
        "UPDATE item_predictions SET truth = NULL",
        "INSERT INTO sweeps (id, spec, created_at) VALUES ('s', 'no json', 1)",
        "INSERT INTO sweep_cells (sweep, position, arm, replicate, wanted) VALUES ('nowhere', 0, 'a=1', 0, 1)",
        "INSERT INTO sweep_parameters (cell, position, name, value) VALUES (99, 0, 'a', '1')",
        "UPDATE runs SET cell = 99",
        "UPDATE runs SET publication = 99",
        "INSERT INTO publications (digest, title, opening) VALUES ('short', 't', 'o')",
        "INSERT INTO publications (digest, title, opening) VALUES ('\(String(repeating: "a", count: 64))', '', 'o')",
        "INSERT INTO published_claims (publication, position, model, claim, status, note) VALUES (99, 0, 'm', 'c', 'never', 'n')",
    ])
    func refusesBadRow(_ sql: String) throws {
        let folder = try TemporaryFolder()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe(alive: [1: "1"]))
        try store.execute(Self.run)
        #expect(throws: DatabaseError.self) { try store.execute(sql) }
    }

    @Test func deletingARunDeletesWhatOnlyItHad() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        let shared = outcome("ridge", metrics: ["mse": 1], series: ["loss": [SeriesPoint(step: 0, value: 1)]])
        #expect(store.record(description("r1"), [shared, outcome("score", metrics: ["ccc": 0.5])]) == [])
        #expect(store.record(description("r2"), [shared]) == [])
        try store.execute("DELETE FROM runs WHERE id = 'r1'")
        #expect(try store.query("SELECT stage, name FROM v_metrics").rows == [["ridge", "mse"]])
        #expect(try store.value("SELECT count(*) FROM stage_results") == 1)
        try store.execute("DELETE FROM runs")
        for table in ["stage_executions", "stage_results", "metrics", "series", "series_points"] {
            #expect(try store.value("SELECT count(*) FROM \(table)") == 0, "\(table)")
        }
    }
}
