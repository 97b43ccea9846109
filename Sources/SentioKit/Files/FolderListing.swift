import SentioBase

/// The names in a folder, byte for byte.
public enum FolderListing {
    /// The names in byte order, without `.` and `..`.
    /// - Throws: `BlobStoreError.cannotRead`: a folder that cannot be listed is not an empty one.
    public static func names(in folder: String) throws(BlobStoreError) -> [[UInt8]] {
        guard let stream = opendir(folder) else { throw .cannotRead(path: folder, reason: FileBytes.systemReason()) }
        defer { closedir(stream) }
        errno = 0
        let names = names(of: stream)
        if errno != 0 { throw .cannotRead(path: folder, reason: FileBytes.systemReason()) }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// The remaining names of an open folder, unordered. Stops at the first error and leaves it in `errno`.
    public static func names(of stream: OpaquePointer) -> [[UInt8]] {
        var names: [[UInt8]] = []
        while let entry = readdir(stream) {
            // An entry is only as long as its name: the 256 bytes of its type may extend beyond the mapped memory.
            let bytes = UnsafeRawPointer(entry).advanced(by: nameOffset).assumingMemoryBound(to: UInt8.self)
            let name = Array(
                UnsafeBufferPointer(
                    start: bytes, count: strlen(UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self))))
            if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
        }
        return names
    }

    private static let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
}
