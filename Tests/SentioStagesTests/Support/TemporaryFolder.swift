import Foundation
import SentioKit

/// A folder that is gone when the test is.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "sentio-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    func folder(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
        return path + "/" + name
    }
    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
    }
    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }
}

/// Blobs as files of a folder, for what needs paths.
final class FolderBlobStore: BlobStore {
    private let memory = MemoryBlobStore()
    private let folder: String

    init(_ folder: String) { self.folder = folder }

    func write(_ bytes: [UInt8]) throws -> BlobReference {
        let blob = memory.write(bytes)
        try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + blob.hash.hex))
        return blob
    }
    func write(contentsOf path: String) throws -> BlobReference { try write(try FileBytes.read(path)) }
    func read(_ blob: BlobReference) throws -> [UInt8] { try memory.read(blob) }
    func path(of blob: BlobReference) throws -> String { folder + "/" + blob.hash.hex }
}
