import SentioKit
import Testing

@testable import SentioRunStore

@Suite struct QueryTests {
    let folder: TemporaryFolder
    let store: RunStore

    init() throws {
        folder = try TemporaryFolder()
        store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        _ = store.record(
            description("20260101-a1", name: "base", startedAt: 100, tags: ["set": "x"]),
            [outcome("score", metrics: ["test.ccc": 0.5])])
        _ = store.record(
            description("20260102-b1", pipeline: "phase2", startedAt: 200, tags: ["set": "x", "gpu": "no"]), [],
            status: .failed)
        _ = store.record(description("20260102-b2", name: "twice", startedAt: 300), [])
        _ = store.record(description("20260103-c1", name: "twice", startedAt: 400), [])
    }

    @Test func listIsNewestFirstAndFiltered() throws {
        #expect(try store.runs().map(\.id) == ["20260103-c1", "20260102-b2", "20260102-b1", "20260101-a1"])
        #expect(try store.runs(limit: 2).map(\.id) == ["20260103-c1", "20260102-b2"])
        #expect(try store.runs(pipeline: "phase2").map(\.id) == ["20260102-b1"])
        #expect(try store.runs(status: .failed).map(\.id) == ["20260102-b1"])
        #expect(try store.runs(tags: ["set": "x"]).map(\.id) == ["20260102-b1", "20260101-a1"])
        #expect(try store.runs(pipeline: "phase1", tags: ["set": "x"]).map(\.id) == ["20260101-a1"])
        #expect(try store.runs(tags: ["set": "y"]) == [])
        #expect(try store.runs(limit: -1) == [])
        #expect(
            try store.runs(pipeline: "phase1", tags: ["set": "x"]).first?.headline == [
                .init(name: "score.test.ccc", value: 0.5)
            ])
    }

    /// Few of many runs are looked up one by one, many in one pass: what they show is the same.
    @Test func columnsAreTheSameForFewAndForMany() throws {
        let columns = try [
            "metrics.test.ccc", "metrics.score.test.ccc", "params.ratio", "config.score.bins", "tags.set", "name",
            "status",
        ]
        .map { name throws(RunFilterError) in try RunColumn(name) }
        let ratio = RunDescription.Parameter(name: "ratio", value: 0.5, origin: "p.yaml:1")
        for index in 0..<40 {
            let scored = outcome(
                "score", configuration: ["bins": .int(index % 3)], metrics: ["test.ccc": Double(index)])
            _ = store.record(description("x\(index)", parameters: [ratio], tags: ["set": "\(index)"]), [scored])
        }
        let ids = try store.runs().map(\.id)
        let many = try store.values(columns, of: ids + (0..<1000).map { "none-\($0)" }).map {
            Array($0.prefix(ids.count))
        }
        #expect(try store.values(columns, of: ids) == many)
        #expect(try store.values(columns, of: ["x7"]) == [[7.0], [7.0], [0.5], [1], ["7"], [.null], ["succeeded"]])
        // Twenty of thousands by their numbers, or all of a span: the same summaries.
        let sparse = try store.runs(filter: RunFilter("run in (x39, '20260101-a1')", now: 0))
        #expect(sparse == (try store.runs().filter { ["x39", "20260101-a1"].contains($0.id) }))
        #expect(sparse.allSatisfy { !$0.headline.isEmpty && !$0.tags.isEmpty })
        let bare = try store.runs(limit: 1, contents: RunSummary.Contents(headline: 0, hasTags: false))
        #expect(bare.count == 1 && bare[0].headline.isEmpty && bare[0].tags.isEmpty)
    }

    @Test func theLastAttemptIsThatOfTheNewestRunThatCameToTheStage() throws {
        #expect(try store.lastAttempt(at: "score", of: "phase1")?.state == "executed")
        #expect(try store.lastAttempt(at: "score", of: "phase2") == nil)
        _ = store.record(
            description("f1", startedAt: 500), [outcome("score", .failed, message: "No.")], status: .failed)
        _ = store.record(description("f2", startedAt: 600), [outcome("score", .skipped)], status: .failed)
        let failed = StageAttempt(run: "f1", stage: "score", startedAt: 500, state: "failed", message: "No.")
        #expect(try store.lastAttempt(at: "score", of: "phase1") == failed)
        try store.delete(["f1"], at: 700)
        #expect(try store.lastAttempt(at: "score", of: "phase1")?.run == "20260101-a1")
    }

    @Test(arguments: [
        ("latest", "20260103-c1"), ("20260101-a1", "20260101-a1"), ("20260101", "20260101-a1"),
        ("20260102-b1", "20260102-b1"),
        ("base", "20260101-a1"),
    ])
    func matching(_ text: String, _ id: String) throws { #expect(try store.run(matching: text) == id) }

    @Test(arguments: [
        ("20260102", "`20260102` matches several runs: 20260102-b2, 20260102-b1. Use a longer id prefix."),
        ("twice", "`twice` matches several runs: 20260103-c1, 20260102-b2. Use a longer id prefix."),
        ("bsae", "No run has the id or name `bsae`; did you mean `base`?"),
        ("", "No run has the id or name ``. `runs list` shows all runs."),
        ("%", "No run has the id or name `%`. `runs list` shows all runs."),
    ])
    func notMatching(_ text: String, _ sentence: String) {
        let error = #expect(throws: RunStoreError.self) { try store.run(matching: text) }
        #expect(error?.description == sentence)
    }

    @Test func emptyStore() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore.open(path: folder.file())
        #expect(throws: RunStoreError.noRuns) { try store.run(matching: "latest") }
        #expect(throws: RunStoreError.noRuns) { try store.run(matching: "abc") }
        #expect(try store.runs() == [])
    }

    @Test func sqlGivesValues() throws {
        let result = try store.query("SELECT 1 AS a, 2.5 AS b, 'x' AS c, NULL AS d, x'0AFF' AS e")
        #expect(result == QueryResult(columns: ["a", "b", "c", "d", "e"], rows: [[1, 2.5, "x", .null, "0aff"]]))
        let cut = try store.query("SELECT run FROM v_runs", limit: 2)
        #expect(cut.rows.count == 2 && cut.isTruncated)
        #expect(try !store.query("SELECT run FROM v_runs", limit: 4).isTruncated)
        #expect(try store.query("-- what there is\nWITH x (a) AS (VALUES (7)) SELECT a FROM x").rows == [[7]])
    }

    @Test(arguments: [
        "DELETE FROM runs", "DROP VIEW v_runs", "UPDATE runs SET seed = 1 RETURNING id", "PRAGMA user_version = 5",
        "ATTACH DATABASE ':memory:' AS other", " -- a remark\n VACUUM", "/* a */ INSERT INTO tags VALUES (1, 'a', 'b')",
        "WITH x AS (SELECT 1) DELETE FROM runs",
    ])
    func sqlMayNotWrite(_ sql: String) throws {
        #expect(throws: RunStoreError.sqlWrites) { try store.query(sql) }
        #expect(try store.runs().count == 4)
    }

    @Test(arguments: ["SELEC 1", "SELECT nothing", "SELECT 1; SELECT 2", ""])
    func wrongSQL(_ sql: String) {
        let error = #expect(throws: RunStoreError.self) { try store.query(sql) }
        #expect(error?.description.hasPrefix("The SQL could not be run: ") == true)
    }

    @Test(arguments: [
        (
            "SELECT 1; SELECT 2",
            "The SQL could not be run: it has more than one statement; run one at a time. `docs/run-store.md` lists the views."
        ),
        ("SELECT * FROM v_run", "There is no view or table `v_run`; did you mean `v_runs`?"),
        ("SELECT * FROM stages", "There is no view or table `stages`; did you mean `v_stages`?"),
        (
            "SELECT * FROM nothing_like_it",
            "There is no view or table `nothing_like_it`. `docs/run-store.md` lists the views."
        ),
        (
            "SELECT load_extension('x')",
            "The SQL could not be run: not authorized. `docs/run-store.md` lists the views."
        ),
    ])
    func whatIsWrongWithTheSQL(_ sql: String, _ sentence: String) {
        let error = #expect(throws: RunStoreError.self) { try store.query(sql) }
        #expect(error?.description == sentence)
    }

    @Test func aQueryWithoutEndIsStopped() {
        let sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
        let error = #expect(throws: RunStoreError.self) { try store.query(sql, seconds: 0.02) }
        #expect(error == .tooSlow(seconds: 0.02))
    }

    @Test func everyViewAnswers() throws {
        let views = try store.query("SELECT name FROM sqlite_schema WHERE type = 'view'").rows.compactMap {
            $0[0].string
        }
        #expect(views.count == 20)
        for view in views { #expect(throws: Never.self) { try store.query("SELECT * FROM \(view)") } }
    }

    @Test func seriesThatIsNotThere() {
        let error = #expect(throws: RunStoreError.self) {
            try store.series(run: "20260101-a1", stage: "score", name: "loss")
        }
        #expect(error?.description == "Stage `score` of run 20260101-a1 has no series `loss`; the stage has no series.")
    }
}
