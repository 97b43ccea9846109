import Foundation
import SentioKit
import Testing

@testable import SentioEngine
@testable import SentioToys

/// What is in flight is told by its lock, not by a process number: two containers may have the same ones.
@Suite struct TemporaryNameTests {
    let folder = FileManager.default.temporaryDirectory.path + "/sentio-temporary-\(UUID().uuidString)"
    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

    private func clean() {
        for purpose in ["blob", "attempt", ".sentio"] { TemporaryName.removeLeftovers(in: folder, purpose: purpose) }
    }
    private var names: [String] { Files.list(folder) }

    @Test func whatIsHeldStays() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let writer = try FileWriter(path: TemporaryName.path(in: folder, purpose: "blob"))
        var attempt: TemporaryFolder? = try TemporaryFolder(in: folder, purpose: "attempt")
        let path = try #require(attempt?.path)
        try TestFiles.write("x", to: path + "/file")
        let before = names
        #expect(before.count == 3)
        clean()
        #expect(names == before)
        try writer.write([1])
        try writer.finish(renamingTo: folder + "/done", mode: 0o644)
        attempt = nil
        #expect(names == ["done"])
    }

    @Test func whatNobodyHoldsGoes() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try TestFiles.write("", to: folder + "/blob-1x2y")
        try TestFiles.write("", to: folder + "/.sentio-1x2y")
        try FileManager.default.createDirectory(atPath: folder + "/attempt-abc/in", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: folder + "/attempt-def/in", withIntermediateDirectories: true)
        try TestFiles.write("", to: folder + "/attempt-def.lock")
        try TestFiles.write("", to: folder + "/attempt-ghi.lock")
        try TestFiles.write("", to: folder + "/other-abc")
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/blob-link", withDestinationPath: folder + "/other-abc")
        clean()
        // A link is nobody's temporary file, and is not followed.
        #expect(names == ["blob-link", "other-abc"])
    }

    /// Of an earlier version, which knew no locks: after a day.
    @Test func namesOfEarlierVersions() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let gone = "blob-\(HostInfo.name)-4194303-x1", living = "blob-\(HostInfo.name)-\(getpid())-x2",
            other = "blob-elsewhere-4194303-x3"
        for name in [gone, living, other] { try TestFiles.write("", to: folder + "/" + name) }
        clean()
        #expect(names.count == 3)
        for name in [gone, living, other] {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -100_000)], ofItemAtPath: folder + "/" + name)
        }
        clean()
        #expect(names == [living, other].sorted())
    }
}
