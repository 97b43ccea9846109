import Foundation
package import SentioKit

/// Blobs as files of a folder, for what needs paths.
package final class FolderBlobStore: BlobStore {
    private let memory = MemoryBlobStore()
    private let folder: String

    package init(_ folder: String) { self.folder = folder }

    package func write(_ bytes: [UInt8]) throws -> BlobReference {
        let blob = memory.write(bytes)
        try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + blob.hash.hex))
        return blob
    }
    package func write(contentsOf path: String) throws -> BlobReference { try write(try FileBytes.read(path)) }
    package func read(_ blob: BlobReference) throws -> [UInt8] { try memory.read(blob) }
    package func path(of blob: BlobReference) throws -> String { folder + "/" + blob.hash.hex }
}
