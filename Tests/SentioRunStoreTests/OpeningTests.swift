import Foundation
import GRDB
import SentioKit
import Testing

@testable import SentioRunStore

@Suite struct OpeningTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func open() throws -> RunStore { try RunStore.open(path: folder.file(), probe: FakeProbe()) }

    /// With everything in the file itself and nothing left in the write-ahead log.
    private func close(_ store: RunStore) throws {
        try store.pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
        try store.pool.close()
    }

    @Test func makesAndOpensAgain() throws {
        #expect(try open().record(description("r1"), []) == [])
        #expect(try open().runs().map(\.id) == ["r1"])
        #expect(try RunStore.openExisting(path: folder.file(), probe: FakeProbe()).runs().map(\.id) == ["r1"])
    }

    @Test func missing() throws {
        let error = #expect(throws: RunStoreError.self) { try RunStore.openExisting(path: folder.file()) }
        #expect(error?.description == "There is no run store at \(folder.file()) yet; the first `run` creates it.")
        #expect(!FileManager.default.fileExists(atPath: folder.file()))
    }

    @Test func folderThatDoesNotExist() {
        let path = folder.file("nowhere/runs.sqlite")
        let error = #expect(throws: RunStoreError.self) { try RunStore.open(path: path) }
        #expect(error?.description.hasPrefix("The run store \(path) cannot be opened (") == true)
    }

    @Test(arguments: ["hello\n", String(repeating: "not a database ", count: 100)])
    func notADatabase(_ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file()))
        #expect(throws: RunStoreError.notADatabase(path: folder.file())) { try open() }
        #expect(try String(contentsOfFile: folder.file(), encoding: .utf8) == text)
    }

    @Test func databaseOfAnotherProgram() throws {
        let other = try DatabaseQueue(path: folder.file())
        try other.write { try $0.execute(sql: "CREATE TABLE runs (x)") }
        try other.close()
        #expect(throws: RunStoreError.notARunStore(path: folder.file())) { try open() }
    }

    @Test func damagedPages() throws {
        do {
            let store = try open()
            for index in 0..<50 {
                _ = store.record(description("r\(index)"), [outcome("ridge", metrics: ["m": Double(index)])])
            }
            try close(store)
        }
        var bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
        for index in 4096..<bytes.count { bytes[index] = 0xA5 }
        try bytes.write(to: URL(fileURLWithPath: folder.file()))
        let error = #expect(throws: RunStoreError.self) { try open().runs() }
        #expect(error?.description.hasPrefix("The run store \(folder.file()) is damaged (") == true)
    }

    @Test func truncatedFile() throws {
        try close(try open())
        let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
        try bytes.prefix(4096 + 100).write(to: URL(fileURLWithPath: folder.file()))
        #expect(throws: RunStoreError.self) { try open().runs() }
    }

    @Test func laterSchema() throws {
        let later = Migrations.all + [Migration(name: "v999", sql: "CREATE TABLE future (x INTEGER)")]
        try RunStore.open(path: folder.file(), probe: FakeProbe(), migrations: later).pool.close()
        let error = #expect(throws: RunStoreError.newerSchema(path: folder.file(), migrations: ["v999"])) { try open() }
        #expect(error?.description.contains("written by a later version of Sentio (it has v999)") == true)
    }

    @Test func resultCodesAreFacts() {
        func error(_ code: ResultCode) -> RunStoreError {
            RunStoreError(DatabaseError(resultCode: code, message: "why"), path: "p")
        }
        #expect(error(.SQLITE_READONLY) == .readOnly(path: "p"))
        #expect(error(.SQLITE_FULL) == .full(path: "p"))
        #expect(error(.SQLITE_BUSY) == .busy(path: "p"))
        #expect(error(.SQLITE_NOTADB) == .notADatabase(path: "p"))
        #expect(error(.SQLITE_IOERR) == .failed(path: "p", detail: "why"))
        #expect(
            RunStoreError.readOnly(path: "p").description
                == "The run store p is not writable: the file, its folder or the disk is read-only.")
    }
}
