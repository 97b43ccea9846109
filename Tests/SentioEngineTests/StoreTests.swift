import Foundation
import SentioBase
import SentioKit
import Synchronization
import Testing

@testable import SentioEngine
@testable import SentioToys

@Suite struct RecordLogTests {
    let path = FileManager.default.temporaryDirectory.path + "/sentio-log-\(UUID().uuidString)/records.log"
    private func key(_ text: String) -> ContentHash { Hashing.content(text) }
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func theLastRecordOfAKeyCountsAfterReopening() throws {
        let log = RecordLog(path: path)
        try log.append(key("a"), label: 1, payload: bytes("one"))
        try log.append(key("b"), label: 1, payload: bytes(""))
        try log.append(key("a"), payload: bytes("two"))
        for log in [log, RecordLog(path: path)] {
            #expect(try log.payload(key("a")) == bytes("two"))
            #expect(try log.payload(key("b")) == [])
            #expect(try log.payload(key("c")) == nil)
            #expect(try log.latest(label: 1) == key("b"))
        }
    }

    @Test func severalWritersShareOneLog() throws {
        let logs = (0..<4).map { _ in RecordLog(path: path) }
        Parallel.forEach(400, threads: 4) { index in
            try? logs[index % 4].append(Hashing.content("\(index)"), payload: Array("payload \(index)".utf8))
        }
        let reader = RecordLog(path: path)
        for index in 0..<400 { #expect(try reader.payload(key("\(index)")) == bytes("payload \(index)")) }
        try logs[0].refresh()
        #expect(try logs[0].all().count == 400)
    }

    @Test func aTornTailIsIgnoredAndDoesNotSwallowTheNextRecord() throws {
        try RecordLog(path: path).append(key("a"), payload: bytes("whole"))
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data((key("b").hex + " 0000").utf8))
        try handle.close()
        let log = RecordLog(path: path)
        try log.append(key("c"), payload: bytes("next"))
        #expect(try log.payload(key("b")) == nil)
        #expect(try RecordLog(path: path).payload(key("c")) == bytes("next"))
        #expect(try RecordLog(path: path).payload(key("a")) == bytes("whole"))
    }
}

@Suite struct StatCacheTests {
    let folder = FileManager.default.temporaryDirectory.path + "/sentio-stat-\(UUID().uuidString)"
    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

    /// A clock far ahead: every file is at rest.
    private var atRest: @Sendable () -> Int { { WallClock.now() + 10_000_000_000 } }

    @Test func aFileAtRestIsReadOnce() throws {
        let file = folder + "/a", cache = folder + "/cache"
        try TestFiles.write("one", to: file)
        let first = StatCache(path: cache, now: atRest)
        #expect(try first.hash(file) == BlobReference(hash: Hashing.content("one"), size: 3))
        first.save(temporary: folder + "/t")
        // The content changes behind the cache's back, with the same size and times: only a remembered hash can answer
        // so.
        var status = stat()
        stat(file, &status)
        let handle = try #require(FileHandle(forWritingAtPath: file))
        try handle.write(contentsOf: Data("two".utf8))
        try handle.close()
        #expect(try StatCache(path: cache, now: atRest).hash(file).hash == Hashing.content("two"), "ctime tells")
    }

    @Test func aFileTouchedWithinTheTickIsNotTrusted() throws {
        let file = folder + "/a"
        try TestFiles.write("one", to: file)
        let cache = StatCache(path: folder + "/cache", now: { 0 })
        _ = try cache.hash(file)
        #expect(cache.remembered.isEmpty)
    }

    @Test func fingerprintsKnowTicks() {
        func print(_ modified: Int) -> StatCache.Fingerprint {
            .init(device: 1, inode: 1, size: 1, modified: modified, changed: modified)
        }
        #expect(!print(1_000_000_001).isTrusted(at: 1_010_000_000))
        #expect(print(1_000_000_001).isTrusted(at: 1_030_000_000))
        #expect(!print(1_000_000_000).isTrusted(at: 2_000_000_000), "a file system that counts seconds")
        #expect(print(1_000_000_000).isTrusted(at: 3_000_000_001))
    }

    /// Nanoseconds since 1970 are more than an `Int` holds from the year 2262 on.
    @Test func aFileMayBearAnyDate() throws {
        let file = folder + "/a", cache = folder + "/cache"
        try TestFiles.write("one", to: file)
        for second in [-20_000_000_000, 13_569_465_600] {
            var times = [timespec(tv_sec: second, tv_nsec: 0), timespec(tv_sec: second, tv_nsec: 0)]
            #expect(utimensat(AT_FDCWD, file, &times, 0) == 0)
            let first = StatCache(path: cache, now: atRest)
            #expect(try first.hash(file).hash == Hashing.content("one"))
            first.save(temporary: folder + "/t")
            #expect(try StatCache(path: cache, now: atRest).hash(file).hash == Hashing.content("one"))
        }
    }

    @Test func whatIsNoRegularFileIsASentence() {
        let cache = StatCache(path: folder + "/cache")
        #expect(throws: BlobStoreError.cannotRead(path: folder, reason: "it is not a regular file but a folder")) {
            try cache.hash(folder)
        }
        #expect(throws: BlobStoreError.cannotRead(path: folder + "/gone", reason: "no such file or directory")) {
            try cache.hash(folder + "/gone")
        }
    }
}

@Suite struct FileBlobStoreTests {
    let root = FileManager.default.temporaryDirectory.path + "/sentio-cas-\(UUID().uuidString)"
    private var store: FileBlobStore { FileBlobStore(root: root + "/cas", temporary: root + "/tmp") }

    @Test func keepsBytesReadOnlyUnderTheirHash() throws {
        let store = store
        let blob = try store.write(Array("abc".utf8))
        #expect(try store.write(Array("abc".utf8)) == blob)
        #expect(try store.read(blob) == Array("abc".utf8))
        #expect(store.contains(blob))
        #expect(!store.contains(BlobReference(hash: blob.hash, size: 4)))
        let attributes = try FileManager.default.attributesOfItem(atPath: store.place(blob.hash))
        #expect(attributes[.posixPermissions] as? Int == 0o444)
        #expect(try store.all() == [blob])
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: root + "/tmp").isEmpty, "nothing half-written is left")
    }

    @Test func copiesAFileWithoutHoldingIt() throws {
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        let text = String(repeating: "0123456789", count: 300_000)
        try TestFiles.write(text, to: root + "/big")
        #expect(
            try store.write(contentsOf: root + "/big") == BlobReference(hash: Hashing.content(text), size: 3_000_000))
    }

    @Test func aSourceThatChangedWhileRunningIsNotRead() throws {
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try TestFiles.write("one", to: root + "/song")
        let store = store, hash = Hashing.content("one")
        store.register(source: root + "/song", hash)
        #expect(try store.read(BlobReference(hash: hash, size: 3)) == Array("one".utf8))
        try TestFiles.write("two", to: root + "/song")
        #expect(throws: BlobStoreError.sourceChanged(path: root + "/song")) {
            try store.read(BlobReference(hash: hash, size: 3))
        }
        #expect(FileManager.default.fileExists(atPath: root + "/song"), "a user's file is never set aside")
    }

    @Test func aFullDiskIsASentenceAndLeavesNothing() throws {
        // A folder that is a file: every write below it fails as on a broken disk.
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try TestFiles.write("", to: root + "/tmp")
        let error = #expect(throws: BlobStoreError.self) { try store.write([1, 2, 3]) }
        #expect(error?.description.hasPrefix("Cannot write \(root)/tmp/blob-") == true)
        #expect(
            error?.description.hasSuffix(
                ": not a directory. Nothing half-written is left behind; free space or fix permissions and run again.")
                == true)
    }
}

@Suite struct FileLockTests {
    @Test func oneHolderAtATimeAndItSaysWho() throws {
        let path = FileManager.default.temporaryDirectory.path + "/sentio-lock-\(UUID().uuidString)"
        var lock = try FileLock.attempt(path)
        #expect(lock != nil)
        #expect(try FileLock.attempt(path) == nil)
        #expect(FileLock.holder(path).text.hasPrefix("pid \(getpid()) on "))
        lock = nil
        #expect(try FileLock.attempt(path) != nil)
    }
}

@Suite struct BlobMapTests {
    let folder = FileManager.default.temporaryDirectory.path + "/sentio-map-\(UUID().uuidString)"

    @Test func aBlobIsVerifiedAndThenReadWhereItLies() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try Workspace(path: folder).blobs, blob = try store.write([4, 5, 6])
        let mapped = try store.map(blob)
        #expect(mapped.withBytes { Array($0) } == [4, 5, 6])
        let place = store.place(blob.hash)
        // A blob is replaced by another file, never changed: what is mapped stays.
        try FileManager.default.removeItem(atPath: place)
        try Data([4, 5, 7]).write(to: URL(fileURLWithPath: place))
        #expect(mapped.withBytes { Array($0) } == [4, 5, 6])
        #expect(throws: BlobStoreError.damaged(blob.hash, found: Hashing.content([4, 5, 7]))) { try store.map(blob) }
        #expect(throws: BlobStoreError.missing(blob.hash)) { try store.map(blob) }
    }

    @Test func aSourceFileIsCopiedForItMayChange() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try Workspace(path: folder).blobs, path = folder + "/song.txt"
        try Data([1, 2]).write(to: URL(fileURLWithPath: path))
        let blob = BlobReference(hash: Hashing.content([1, 2]), size: 2)
        store.register(source: path, blob.hash)
        let mapped = try store.map(blob)
        try Data().write(to: URL(fileURLWithPath: path))
        #expect(mapped.withBytes { Array($0) } == [1, 2])
        #expect(throws: BlobStoreError.sourceChanged(path: path)) { try store.map(blob) }
    }
}
