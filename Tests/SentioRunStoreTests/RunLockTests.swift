import Foundation
import GRDB
import SentioKit
import Testing

@testable import SentioRunStore

/// Whether a run lives is told by its lock, not by a process number.
@Suite struct RunLockTests {
    /// Sees the locks of the real system, but processes as it is told.
    private struct LockingProbe: ProcessProbe {
        var host = "lab"
        var boot: String? = "boot-1"
        var isAlive = true
        func exists(processID: Int) -> Bool { isAlive }
        func start(processID: Int) -> String? { isAlive ? "5000" : nil }
        func lock(run: String, storeAt path: String) -> RunLock? { RunLock.take(run: run, storeAt: path) }
        func lockState(of run: String, storeAt path: String) -> RunLock.State { RunLock.state(of: run, storeAt: path) }
    }

    private func store(_ folder: TemporaryFolder, _ probe: LockingProbe = LockingProbe()) throws -> RunStore {
        try RunStore.open(path: folder.file(), probe: probe)
    }

    private func locks(_ folder: TemporaryFolder) -> [String] {
        let path = (folder.file() as NSString).deletingLastPathComponent + "/tmp/locks"
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    /// In another container the same process number is free, or belongs to another process.
    @Test func aRunWhoseLockIsHeldLives() throws {
        let folder = try TemporaryFolder()
        let recorder = RunRecorder(store: try store(folder)) { _ in }
        recorder.receive(.runStarted(description("r1")))
        recorder.finish()
        #expect(try store(folder, LockingProbe(isAlive: false)).settleEnded() == [])
        #expect(try store(folder, LockingProbe(boot: "boot-2", isAlive: false)).settleEnded() == [])
        recorder.receive(.runFinished(RunOutcome(run: "r1", status: .succeeded, seconds: 1, stages: [])))
        recorder.finish()
        #expect(try store(folder).runs().map(\.status) == [.succeeded])
        #expect(locks(folder) == [], "a run that is over leaves no lock")
    }

    @Test func aRunWhoseLockIsFreeIsOver() throws {
        let folder = try TemporaryFolder()
        // What a process leaves that is killed: a row, and a lock that nobody holds.
        #expect(
            try RunStore.open(path: folder.file(), probe: FakeProbe()).record([.runStarted(description("r1"))]) == [])
        do { #expect(RunLock.take(run: "r1", storeAt: folder.file()) != nil) }
        #expect(locks(folder) == ["run-r1"])
        #expect(
            try store(folder, LockingProbe(host: "cluster", boot: "boot-9")).settleEnded() == [],
            "another machine is left alone")
        // The number was given to another process, which lives.
        let ended = try store(folder, LockingProbe(host: "container", isAlive: true)).settleEnded()
        #expect(ended == [EndedRun(id: "r1", status: .interrupted, incomplete: nil)])
        #expect(ended.first?.sentence == "The process of run r1 is gone; the run is marked as interrupted.")
        #expect(locks(folder) == [])
    }

    /// The disk was full: the run went on, and that is what is said of it later.
    @Test(arguments: [RunStatus.succeeded, .failed])
    func aHistoryThatStoppedIsCalledThat(status: RunStatus) throws {
        let folder = try TemporaryFolder(), first = try store(folder)
        let recorder = RunRecorder(store: first) { _ in }
        recorder.receive(.runStarted(description("r1")))
        recorder.receive(.stageStarted(StageStart(stage: "ridge", kind: "ridge", reason: RunReason(.neverRun))))
        recorder.finish()
        let pages = try first.pool.write { db in try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0 }
        try first.pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA max_page_count = \(pages)") }
        recorder.receive(.warning(stage: nil, sentence: String(repeating: "x", count: 1 << 20)))
        recorder.finish()
        // Nothing can be written any more, not even how it ended.
        try first.pool.writeWithoutTransaction { db in
            try db.execute(sql: "CREATE TEMP TRIGGER full BEFORE UPDATE ON runs BEGIN SELECT raise(ABORT, 'full'); END")
        }
        recorder.receive(.runFinished(RunOutcome(run: "r1", status: status, seconds: 12, stages: [])))
        recorder.finish()
        let second = try store(folder)
        #expect(try second.runs().map(\.status) == [.running])
        let ended = try second.settleEnded()
        #expect(ended.map(\.status) == [status])
        #expect(ended.first?.sentence.hasPrefix("The history of run r1 is incomplete. The run store ") == true)
        let end = "the disk is full. Free some space (`artifacts gc --keep SIZE`). The run itself \(status.rawValue)."
        #expect(ended.first?.sentence.hasSuffix(end) == true)
        let details = try second.details("r1")
        #expect(details.summary.seconds == 12)
        #expect(details.warnings.map(\.sentence).last?.contains("is incomplete. The run store") == true)
        #expect(details.stages.map(\.state) == [status == .succeeded ? "executed" : "interrupted"])
        #expect(locks(folder) == [])
    }

    @Test func roomThatCameBackIsUsedAtTheEnd() throws {
        let folder = try TemporaryFolder(), first = try store(folder)
        let recorder = RunRecorder(store: first) { _ in }
        recorder.receive(.runStarted(description("r1")))
        recorder.finish()
        let pages = try first.pool.write { db in try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0 }
        try first.pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA max_page_count = \(pages)") }
        recorder.receive(.warning(stage: nil, sentence: String(repeating: "x", count: 1 << 20)))
        recorder.finish()
        try first.pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA max_page_count = \(pages + 1000)") }
        recorder.receive(.runFinished(RunOutcome(run: "r1", status: .succeeded, seconds: 3, stages: [])))
        recorder.finish()
        #expect(try first.runs().map(\.status) == [.succeeded])
        #expect(
            try first.details("r1").warnings.map(\.sentence).last?.hasPrefix("The history of this run is incomplete.")
                == true)
        #expect(locks(folder) == [])
    }

    @Test func namesThatAreNoNames() throws {
        let folder = try TemporaryFolder()
        for name in ["", "..", "../x", "a/b", "a b", String(repeating: "a", count: 300)] {
            #expect(RunLock.take(run: name, storeAt: folder.file()) == nil, "\(name)")
            #expect(RunLock.state(of: name, storeAt: folder.file()) == .unknown)
        }
    }

    @Test func aPlantedLockLeadsNowhere() throws {
        let folder = try TemporaryFolder(), locks = (folder.file() as NSString).deletingLastPathComponent + "/tmp/locks"
        try FileManager.default.createDirectory(atPath: locks, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: locks + "/run-r1", withDestinationPath: locks + "/../made")
        #expect(RunLock.take(run: "r1", storeAt: folder.file()) == nil)
        #expect(!FileManager.default.fileExists(atPath: locks + "/../made"))
        #expect(mkfifo(locks + "/run-r2", 0o644) == 0)
        #expect(RunLock.take(run: "r2", storeAt: folder.file()) == nil)
    }

    @Test(arguments: ["", "-wal", "-shm", "-journal"])
    func aStoreThatIsALinkOrAPipeIsRefused(suffix: String) throws {
        let folder = try TemporaryFolder(), path = folder.file()
        do { _ = try RunStore.open(path: path, probe: FakeProbe()) }
        try? FileManager.default.removeItem(atPath: path + suffix)
        try FileManager.default.createSymbolicLink(atPath: path + suffix, withDestinationPath: path + ".elsewhere")
        #expect(throws: RunStoreError.notAFile(path: path + suffix)) {
            try RunStore.open(path: path, probe: FakeProbe())
        }
        #expect(!FileManager.default.fileExists(atPath: path + ".elsewhere"))
        try FileManager.default.removeItem(atPath: path + suffix)
        #expect(mkfifo(path + suffix, 0o644) == 0)
        #expect(throws: RunStoreError.notAFile(path: path + suffix)) {
            try RunStore.open(path: path, probe: FakeProbe())
        }
    }
}
