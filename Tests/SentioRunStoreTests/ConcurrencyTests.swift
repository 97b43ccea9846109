import Dispatch
import GRDB
import SentioKit
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
