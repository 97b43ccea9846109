import SentioBase

/// Whether a disk has room left.
enum DiskRoom {
    /// Bytes of the `-shm` beside a database, the least that SQLite asks for.
    private static let least: UInt64 = 32_768

    /// Whether the disk that a file is on has not even that much room; false where nobody can say.
    static func isFull(at path: String) -> Bool {
        var disk = statvfs()
        guard statvfs(path, &disk) == 0, disk.f_frsize > 0 else { return false }
        return UInt64(disk.f_bavail) < (least + UInt64(disk.f_frsize) - 1) / UInt64(disk.f_frsize)
    }
}
