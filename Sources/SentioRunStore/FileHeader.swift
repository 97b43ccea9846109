import Foundation
import SentioBase

/// The first bytes of an SQLite file, looked at before SQLite may change anything in it.
enum FileHeader {
    private static let magic = Array("SQLite format 3\0".utf8)

    /// - throws: `RunStoreError` for a file that is not SQLite's or belongs to another program.
    static func check(path: String) throws(RunStoreError) {
        // Another process may be making the file, or closing it, at this moment: a second look sees what became of it.
        if (try? look(path: path)) == nil { try look(path: path) }
    }

    private static func look(path: String) throws(RunStoreError) {
        for file in [path, path + "-wal", path + "-shm", path + "-journal"] {
            var status = stat()
            // A link would lead SQLite out of the workspace, a pipe would be waited for.
            guard lstat(file, &status) == 0, status.st_mode & S_IFMT != S_IFREG else { continue }
            throw .notAFile(path: file)
        }
        guard let file = FileHandle(forReadingAtPath: path) else { return }
        defer { try? file.close() }
        let bytes: [UInt8]
        do { bytes = [UInt8](try file.read(upToCount: 100) ?? Data()) } catch {
            throw .cannotOpen(path: path, detail: "it cannot be read")
        }
        if bytes.isEmpty { return }
        guard bytes.count >= 100, bytes.starts(with: magic) else { throw .notADatabase(path: path) }
        let identifier = bytes[68..<72].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        if identifier == V1.applicationID { return }
        // The identifier may still be in the write-ahead log; then the file itself has none.
        if identifier == 0, FileManager.default.fileExists(atPath: path + "-wal") { return }
        // One page is a database without a table: it is being made, and holds nothing of another program's.
        let size = (try? file.seekToEnd()) ?? 0
        if identifier == 0, size <= 4096 { return }
        throw .notARunStore(path: path)
    }
}
