import SentioBase

/// Free space on a disk.
enum DiskSpace {
    /// Size in bytes of the `-shm` file beside a database: the smallest allocation that SQLite needs.
    private static let minimum: UInt64 = 32_768

    /// Whether the disk that holds a file has less free space than that; false if it cannot be determined.
    static func isFull(at path: String) -> Bool {
        var disk = statvfs()
        guard statvfs(path, &disk) == 0, disk.f_frsize > 0 else { return false }
        return UInt64(disk.f_bavail) < (minimum + UInt64(disk.f_frsize) - 1) / UInt64(disk.f_frsize)
    }
}
