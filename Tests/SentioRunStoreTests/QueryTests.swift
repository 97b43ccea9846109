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
            description("20260101-a1", name: "base", startedAt: 100, tags: ["set": "x"]), [outcome("score", metrics: ["test.ccc": 0.5])])
        _ = store.record(
            description("20260102-b1", pipeline: "phase2", startedAt: 200, tags: ["set": "x", "gpu": "no"]), [], status: .failed)
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
        #expect(try store.runs(pipeline: "phase1", tags: ["set": "x"]).first?.headline == [.init(name: "score.test.ccc", value: 0.5)])
    }

    @Test(arguments: [
        ("latest", "20260103-c1"), ("20260101-a1", "20260101-a1"), ("20260101", "20260101-a1"), ("20260102-b1", "20260102-b1"),
        ("base", "20260101-a1"),
    ])
    func matching(_ text: String, _ id: String) throws { #expect(try store.run(matching: text) == id) }

    @Test(arguments: [
        ("20260102", "`20260102` fits several runs: 20260102-b2, 20260102-b1. Give more of the id."),
        ("twice", "`twice` fits several runs: 20260103-c1, 20260102-b2. Give more of the id."),
        ("bsae", "No run has the id or name `bsae`; did you mean `base`?"),
        ("", "No run has the id or name ``. `runs list` shows what there is."),
        ("%", "No run has the id or name `%`. `runs list` shows what there is."),
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
        #expect(try store.query("SELECT run FROM v_runs", limit: 2).rows.count == 2)
    }

    @Test(arguments: ["DELETE FROM runs", "DROP VIEW v_runs", "UPDATE runs SET seed = 1 RETURNING id", "PRAGMA user_version = 5"])
    func sqlMayNotWrite(_ sql: String) throws {
        #expect(throws: RunStoreError.sqlWrites) { try store.query(sql) }
        #expect(try store.runs().count == 4)
    }

    @Test(arguments: ["SELEC 1", "SELECT * FROM nothing", "SELECT 1; SELECT 2", ""])
    func wrongSQL(_ sql: String) {
        let error = #expect(throws: RunStoreError.self) { try store.query(sql) }
        #expect(error?.description.hasPrefix("The SQL could not be run: ") == true)
    }

    @Test func everyViewAnswers() throws {
        let views = try store.query("SELECT name FROM sqlite_schema WHERE type = 'view'").rows.compactMap { $0[0].string }
        #expect(views.count == 15)
        for view in views { #expect(throws: Never.self) { try store.query("SELECT * FROM \(view)") } }
    }

    @Test func seriesThatIsNotThere() {
        let error = #expect(throws: RunStoreError.self) { try store.series(run: "20260101-a1", stage: "score", name: "loss") }
        #expect(error?.description == "Run 20260101-a1 has no series `loss` of stage `score`; that stage has none.")
    }
}
