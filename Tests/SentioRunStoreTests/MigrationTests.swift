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
        #expect(runs[1].headline == [.init(name: "score.test.ccc", value: 0.5)] && runs[1].tags == ["kind": "smoke"])

        let details = try store.details("20260101-000000-aaaa")
        #expect(details.parameters == [.init(name: "alpha", value: 1.0, origin: "phase1.yaml:4")])
        #expect(details.stages.map(\.reasonCode) == ["never-run"] && details.stages[0].metrics["test.ccc"] == 0.5)
        #expect(details.expectations.count == 1 && details.warnings.count == 1)
        #expect(try store.series(run: "20260102-000000-bbbb", stage: "score", name: "loss").map(\.value) == [2, 1])
        #expect(try store.query("SELECT song_id, predicted FROM v_predictions").rows == [["song-1", 5.5], ["song-1", 5.5]])
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

    @Test func applicationIDIsTheOneInTheSchema() throws {
        let folder = try savedFile()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        #expect(try store.value("PRAGMA application_id") == .int(Int(V1.applicationID)))
    }

    /// A later step runs on a file of today and loses nothing.
    @Test func laterStepIsApplied() throws {
        let folder = try savedFile()
        let later = Migrations.all + [Migration(name: "v998", sql: "ALTER TABLE runs ADD COLUMN note TEXT")]
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe(), migrations: later)
        #expect(
            try store.query("SELECT id, note FROM runs ORDER BY number").rows == [
                ["20260101-000000-aaaa", .null], ["20260102-000000-bbbb", .null],
            ])
    }
}
