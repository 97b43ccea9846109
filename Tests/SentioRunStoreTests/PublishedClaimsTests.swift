import GRDB
import SentioKit
import Testing

@testable import SentioRunStore

/// What pipelines name under `claims:` stays with their runs.
@Suite struct PublishedClaimsTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func open(_ migrations: [Migration] = Migrations.all) throws -> RunStore {
        try RunStore.open(path: folder.file(), probe: FakeProbe(), migrations: migrations)
    }

    private static let claims = PublishedClaims(
        title: "The paper’s claims", opening: "Two numbers.",
        claims: [
            .init(model: "AST", claim: "R² .62 / .59", status: .never, note: "No notebook computes it."),
            .init(model: "SVR", claim: "R² .500 / .567", status: .measured, note: "One split."),
            .init(model: "ViT", claim: "R² -.109 / .222", status: .flawed, note: "20 songs, most of them seen."),
        ])

    private func run(_ id: String, _ claims: PublishedClaims? = Self.claims) -> RunDescription {
        var run = description(id)
        run.claims = claims
        return run
    }

    @Test func readsWhatItWrites() throws {
        let store = try open()
        #expect(store.record(run("a"), []) == [] && store.record(run("b", nil), []) == [])
        #expect(try store.details("a").claims == Self.claims && store.details("a").value["claims"] == Self.claims.value)
        #expect(try store.details("b").claims == nil && store.details("b").value["claims"] == .null)
        #expect(
            try store.query("SELECT run, title, position, model, status FROM v_claims ORDER BY position").rows == [
                ["a", "The paper’s claims", 0, "AST", "never"], ["a", "The paper’s claims", 1, "SVR", "measured"],
                ["a", "The paper’s claims", 2, "ViT", "flawed"],
            ])
    }

    @Test func runsOfOnePublicationShareIt() throws {
        let store = try open()
        let other = PublishedClaims(
            title: "Another paper", opening: "One number.", claims: Array(Self.claims.claims.prefix(1)))
        for run in [run("a"), run("b"), run("c", other)] { #expect(store.record(run, []) == []) }
        #expect(
            try store.query("SELECT title FROM publications ORDER BY id").rows == [
                ["The paper’s claims"], ["Another paper"],
            ])
        #expect(try store.value("SELECT count(*) FROM published_claims") == 4)

        try store.delete(["a", "c"], at: 1)
        #expect(try store.query("SELECT DISTINCT run FROM v_claims").rows == [["b"]])
        #expect(try store.purge() == ["a", "c"])
        #expect(try store.query("SELECT title FROM publications").rows == [["The paper’s claims"]], "b still names it")
        #expect(try store.details("b").claims == Self.claims)
        #expect(try store.purge(["b"]) == ["b"])
        #expect(try store.value("SELECT count(*) FROM publications") == 0)
        #expect(try store.value("SELECT count(*) FROM published_claims") == 0)
    }

    @Test func aFileOfAnEarlierVersionHasNone() throws {
        let before = try open(Array(Migrations.all.prefix(5)))
        #expect(before.record(run("old", nil), [outcome("ridge", metrics: ["mse": 1])]) == [])
        let details = try before.details("old")
        #expect(details.claims == nil, "as on a disk that cannot be written")
        try before.pool.close()

        let store = try open()
        #expect(try store.details("old") == details)
        #expect(try store.query("SELECT * FROM v_claims").rows.isEmpty)
        #expect(store.record(run("new"), []) == [])
        #expect(try store.details("new").claims == Self.claims && store.details("old").claims == nil)
    }
}
