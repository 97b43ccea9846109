import GRDB
import SentioKit
import Testing

@testable import SentioRunStore

/// A broken history must never break a run: it is said once.
@Suite struct BrokenHistoryTests {
    @Test func failureIsReportedOnce() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        try store.execute("DROP TABLE warnings")
        let reports = Reports()
        let recorder = RunRecorder(store: store) { reports.add($0) }
        recorder.receive(.runStarted(description("r1")))
        recorder.finish()
        for _ in 0..<3 {
            recorder.receive(.warning(stage: nil, sentence: "text"))
            recorder.finish()
        }
        #expect(reports.all.count == 1)
        #expect(reports.all.first?.contains("no such table: warnings") == true)
    }

    @Test func aBatchIsAllOrNothing() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        try store.execute("DROP TABLE warnings")
        let reports = Reports()
        let recorder = RunRecorder(store: store, interval: 60) { reports.add($0) }
        recorder.receive(.runStarted(description("r1")))
        recorder.finish()
        recorder.receive(.stageFinished(outcome("ridge", metrics: ["mse": 1])))
        recorder.receive(.warning(stage: nil, sentence: "text"))
        recorder.finish()
        #expect(reports.all.count == 1)
        #expect(try store.value("SELECT count(*) FROM metrics") == 0)
        #expect(try store.value("SELECT count(*) FROM runs") == 1)
    }

    @Test func fullDiskIsASentence() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        let pages = try store.pool.write { db in try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0 }
        try store.pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA max_page_count = \(pages + 1)") }
        let big = RunDescription.Parameter(
            name: "big", value: .string(String(repeating: "x", count: 1 << 20)), origin: "--set")
        let reports = store.record([.runStarted(description("r1", parameters: [big]))])
        #expect(
            reports == [
                "The history of this run is incomplete. The run store \(folder.file()) could not grow: the disk is full. "
                    + "Free some space (`artifacts gc --keep SIZE`). The run itself continues."
            ])
    }

    @Test func sameRunTwiceIsASentence() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        #expect(store.record([.runStarted(description("r1"))]) == [])
        #expect(
            store.record([.runStarted(description("r1"))]).first?.contains("UNIQUE constraint failed: runs.id") == true)
    }
}
