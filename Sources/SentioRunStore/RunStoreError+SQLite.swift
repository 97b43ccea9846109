import GRDB

extension RunStoreError {
    /// SQLite's result code as a fact about the file.
    init(_ error: any Error, path: String) {
        guard let error = error as? DatabaseError else {
            self = (error as? RunStoreError) ?? .failed(path: path, detail: String(describing: error))
            return
        }
        let detail = error.message ?? "SQLite code \(error.resultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_NOTADB: self = .notADatabase(path: path)
        case .SQLITE_CORRUPT: self = .damaged(path: path, detail: detail)
        case .SQLITE_READONLY, .SQLITE_PERM: self = .readOnly(path: path)
        case .SQLITE_FULL: self = .full(path: path)
        // For a file beside the database that cannot grow SQLite has no word of its own.
        case .SQLITE_IOERR where DiskRoom.isFull(at: path): self = .full(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
        case .SQLITE_CANTOPEN: self = .cannotOpen(path: path, detail: detail)
        default: self = .failed(path: path, detail: detail)
        }
    }
}
