import Foundation
import SentioKit
import Testing

@Suite struct MappedBytesTests {
    let path = FileManager.default.temporaryDirectory.path + "/sentio-mapped-\(UUID().uuidString)"

    @Test func aFileIsReadWhereItLiesEvenAfterItsNameIsGone() throws {
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path))
        let mapped = try MappedBytes(file: path, size: 3)
        try FileManager.default.removeItem(atPath: path)
        #expect(mapped.count == 3 && mapped.withBytes { Array($0) } == [1, 2, 3])
    }

    @Test func nothingAndCopiesAreMappedToo() throws {
        try Data().write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(try MappedBytes(file: path).withBytes { $0.count } == 0)
        #expect(MappedBytes([]).withBytes { $0.count } == 0)
        MappedBytes([7, 8]).withBytes { #expect(Array($0) == [7, 8] && Int(bitPattern: $0.baseAddress) % 64 == 0) }
    }

    @Test func whatCannotBeMappedIsSaid() throws {
        #expect(throws: BlobStoreError.cannotRead(path: path, reason: "no such file or directory")) {
            try MappedBytes(file: path)
        }
        let folder = FileManager.default.temporaryDirectory.path
        #expect(throws: BlobStoreError.cannotRead(path: folder, reason: "it is not a regular file but a folder")) {
            try MappedBytes(file: folder)
        }
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let error = BlobStoreError.cannotRead(path: path, reason: "it has 3 bytes instead of 4")
        #expect(throws: error) { try MappedBytes(file: path, size: 4) }
    }
}
