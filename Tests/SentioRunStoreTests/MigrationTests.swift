import GRDB
import SentioKit
import Testing

@testable import SentioRunStore

@Suite struct MigrationTests {
    private func savedFile() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let file = try DatabaseQueue(path: folder.file())
        try file.write { db in try db.execute(sql: SavedV1.schema + "\n" + SavedV1.content) }
        try file.close()
        return folder
    }

    @Test func oldFileOpensAndKeepsItsHistory() throws {
        let folder = try savedFile()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        #expect(
            try store.value("SELECT group_concat(identifier) FROM grdb_migrations")
                == .string(Migrations.all.map(\.name).joined(separator: ",")))

        #expect(try store.markInterrupted() == ["20260102-000000-bbbb"])
        let runs = try store.runs()
        #expect(runs.map(\.id) == ["20260102-000000-bbbb", "20260101-000000-aaaa"])
        #expect(runs.map(\.status) == [.interrupted, .succeeded])
        #expect(runs[0].endedAt == 210 && runs[0].seconds == 10)
        #expect(
            runs[1].headline.map(\.name) == ["score.test.ccc", "score.test.r2"] && runs[1].headline[0].value == 0.5)
        #expect(runs[1].headline[1].value.isNaN && runs[1].tags == ["kind": "smoke"])

        let details = try store.details("20260101-000000-aaaa")
        #expect(details.parameters == [.init(name: "alpha", value: 1.0, origin: "phase1.yaml:4")])
        #expect(details.stages.map(\.reasonCode) == ["never-run"] && details.stages[0].metrics["test.ccc"] == 0.5)
        #expect(details.expectations.count == 1 && details.warnings.count == 1 && details.unchecked.isEmpty)
        #expect(details.summary.about == nil && details.summary.verdict == nil && details.summary.warnings == 1)
        #expect(details.claims == nil)
        #expect(try store.series(run: "20260102-000000-bbbb", stage: "score", name: "loss").map(\.value) == [2, 1])
        #expect(
            try store.query("SELECT song_id, predicted FROM v_predictions").rows == [
                ["song-1", 5.5], ["song-1", 5.5],
            ])
        #expect(store.record(description("new"), [outcome("ridge", metrics: ["mse": 1])]) == [])
        #expect(try store.value("PRAGMA foreign_key_check") == .null)
        #expect(try store.value("PRAGMA integrity_check") == "ok")
    }

    /// Who edits a released migration changes what new files look like but not the old ones.
    @Test func firstMigrationIsWhatItWas() throws {
        func schema(_ sql: String) throws -> [String: String] {
            let database = try DatabaseQueue()
            return try database.write { db in
                try db.execute(sql: sql)
                let rows = try Row.fetchAll(db, sql: "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
                return Dictionary(
                    uniqueKeysWithValues: rows.map { row in
                        (row[0], (row[1] as String).split(whereSeparator: \.isWhitespace).joined(separator: " "))
                    })
            }
        }
        #expect(try schema(V1.migration.sql) == schema(SavedV1.schema))
    }

    @Test func namesAreInOrderAndUnique() {
        #expect(Migrations.all.enumerated().allSatisfy { "\($1.name)-".hasPrefix("v\($0 + 1)-") })
    }

    /// The looks and levels of what was recorded before there were any.
    @Test func oldHistoryGetsItsLooksAndLevels() throws {
        let folder = try savedFile()
        let file = try DatabaseQueue(path: folder.file())
        try file.write { db in
            try db.execute(
                sql: """
                    WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
                    INSERT INTO series_points SELECT 1, i, i * 0.5 FROM n
                    """)
        }
        try file.close()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        let use = try #require(try store.testLooks().first)
        #expect(
            use.songs == 1 && use.looks.map(\.run) == ["20260101-000000-aaaa"] && use.looks.map(\.stage) == ["score"])
        #expect(try store.value("SELECT group_concat(span) FROM series_levels") == "16")
        let series = try store.series(runs: ["20260101-000000-aaaa"], atMost: 100)
        #expect(series.map(\.points) == [1000] && series[0].buckets.count == 63)

        // When a run meets the old table again, its songs' hashes become known: the same look, not a second one.
        let rows = [
            ItemPrediction(
                songID: "song-1", set: "test", dimension: "valence", truth: 5, predicted: 5.5, song: hash("song-1"))
        ]
        let artifact = try #require(ContentHash(hex: String(repeating: "0", count: 63) + "7"))
        let scored = outcome("score", .cached, outputs: ["songs": artifact])
        #expect(store.record(description("new"), [scored], predictions: { _ in [(artifact, rows)] }) == [])
        let uses = try store.testLooks(of: ["new"])
        #expect(uses.map(\.hash) == [Hashing.content(hash("song-1").hex).hex])
        #expect(uses[0].looks.map(\.run) == ["20260101-000000-aaaa"])
    }

    /// Runs of a version that took another metric for the most telling one.
    @Test func oldRunsGetNewHeadlines() throws {
        let folder = try savedFile()
        let before = try RunStore.open(
            path: folder.file(), probe: FakeProbe(), migrations: Array(Migrations.all.prefix(3)))
        try before.execute("UPDATE headlines SET name = 'sounds.sounds'")
        try before.pool.close()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        let headlines = try store.runs().filter { $0.status == .succeeded }.map { $0.headline.map(\.name) }
        #expect(headlines == [["score.test.ccc", "score.test.r2"]])
    }

    @Test func applicationIDIsTheOneInTheSchema() throws {
        let folder = try savedFile()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        #expect(try store.value("PRAGMA application_id") == .int(Int(V1.applicationID)))
    }

    /// A later step runs on a file of today and loses nothing.
    @Test func laterStepIsApplied() throws {
        let folder = try savedFile()
        let later = Migrations.all + [Migration(name: "v998", sql: "ALTER TABLE runs ADD COLUMN later TEXT")]
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe(), migrations: later)
        #expect(
            try store.query("SELECT id, later FROM runs ORDER BY number").rows == [
                ["20260101-000000-aaaa", .null], ["20260102-000000-bbbb", .null],
            ])
    }
}
