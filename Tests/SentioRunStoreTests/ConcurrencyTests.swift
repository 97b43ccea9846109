import Dispatch
import GRDB
import SentioKit
import Synchronization
import Testing

@testable import SentioRunStore

/// Two processes on one file, as two stores with connections of their own.
@Suite struct ConcurrencyTests {
    @Test func readerIsNotBlockedByAWriter() throws {
        let folder = try TemporaryFolder()
        let writer = try RunStore.open(path: folder.file(), probe: FakeProbe())
        let reader = try RunStore.open(path: folder.file(), probe: FakeProbe())
        #expect(writer.record(description("r1"), []) == [])
        try writer.pool.write { db in
            try db.execute(sql: "DELETE FROM runs")
            // The transaction is open: the reader sees what was committed, without waiting.
            #expect(try reader.runs().map(\.id) == ["r1"])
        }
        #expect(try reader.runs() == [])
    }

    /// Another process takes the first steps just before ours begins its own: ours goes on with what is left.
    @Test func twoMakeTheStoreAtOnce() throws {
        let folder = try TemporaryFolder()
        let path = folder.file(), begun = Mutex(0)
        var configuration = Configuration()
        configuration.prepareDatabase { db in
            db.trace { event in
                // The migrator's own table, then a transaction a step: by the second it has read which steps are to be
                // taken.
                guard "\(event)".hasPrefix("BEGIN IMMEDIATE"),
                    begun.withLock({
                        $0 += 1; return $0 == 2
                    })
                else { return }
                _ = try? RunStore.open(path: path, probe: FakeProbe(), migrations: Array(Migrations.all.prefix(2)))
            }
        }
        let pool = try DatabasePool(path: path, configuration: configuration)
        try RunStore.migrate(pool, path: path, migrations: Migrations.all)
        #expect(begun.withLock { $0 } > 2)
        #expect(try RunStore.open(path: path, probe: FakeProbe()).record(description("r1"), []) == [])
    }

    @Test func manyWritersLoseNothing() throws {
        let folder = try TemporaryFolder()
        let path = folder.file()
        let reports = Reports()
        DispatchQueue.concurrentPerform(iterations: 4) { process in
            do {
                let store = try RunStore.open(path: path, probe: FakeProbe())
                for index in 0..<10 {
                    let stages = [outcome("ridge", outputs: ["model": hash("same")], metrics: ["mse": Double(index)])]
                    for sentence in store.record(description("r\(process)-\(index)"), stages) { reports.add(sentence) }
                    _ = try store.runs()
                }
            } catch { reports.add("\(error)") }
        }
        #expect(reports.all == [])
        let store = try RunStore.open(path: path, probe: FakeProbe())
        #expect(try store.runs().count == 40)
        #expect(try store.value("SELECT count(*) FROM stage_results") == 10)
        #expect(try store.value("PRAGMA integrity_check") == "ok")
    }
}
