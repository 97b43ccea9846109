import GRDB

extension RunStoreError {
    /// Maps an SQLite result code, or any other error, to a `RunStoreError`.
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
        // SQLite has no separate code for a full disk when a file beside the database cannot grow.
        case .SQLITE_IOERR where DiskSpace.isFull(at: path): self = .full(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
        case .SQLITE_CANTOPEN: self = .cannotOpen(path: path, detail: detail)
        default: self = .failed(path: path, detail: detail)
        }
    }
}
