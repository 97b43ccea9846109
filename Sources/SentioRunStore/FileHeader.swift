import Foundation
import SentioBase

/// Checks the header of an SQLite file before SQLite can modify the file.
enum FileHeader {
    private static let magic = Array("SQLite format 3\0".utf8)

    /// - Throws: `RunStoreError` if the file is not an SQLite database or belongs to another program.
    static func check(path: String) throws(RunStoreError) {
        // Another process may be creating or closing the file at this moment, so a failed check is repeated once.
        if (try? look(path: path)) == nil { try look(path: path) }
    }

    private static func look(path: String) throws(RunStoreError) {
        for file in [path, path + "-wal", path + "-shm", path + "-journal"] {
            var status = stat()
            // SQLite would follow a link out of the workspace and block on a pipe.
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
        // The identifier may still be in the write-ahead log; the file itself then has none.
        if identifier == 0, FileManager.default.fileExists(atPath: path + "-wal") { return }
        // A single page is a database without tables: it is being created and holds no data of another program.
        let size = (try? file.seekToEnd()) ?? 0
        if identifier == 0, size <= 4096 { return }
        throw .notARunStore(path: path)
    }
}
