import SentioBase

/// Bytes that are read where they lie: a file mapped into memory, read only, or a copy where there is no file.
///
/// Pages come in when they are touched and can be given up at any time, so a collection larger than the machine's
/// memory can be read again and again. The mapping stays whole when the file is renamed or unlinked. Map files that
/// nobody shortens: blobs of the store are never changed in place.
public final class MappedBytes: Sendable {
    public let count: Int
    private nonisolated(unsafe) let base: UnsafeRawPointer?
    private let isFile: Bool

    /// Maps a whole regular file.
    /// - parameter size: what the file must have, where that is known.
    /// - throws: `BlobStoreError.cannotRead` with the system's reason.
    /// - parameter followsLinks: false for files of the workspace, where no link belongs.
    public init(file path: String, size expected: Int? = nil, followsLinks: Bool = true) throws(BlobStoreError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followsLinks ? 0 : O_NOFOLLOW))
        guard descriptor >= 0 else { throw .cannotRead(path: path, reason: FileKind.reasonNotOpened(path, errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .cannotRead(path: path, reason: FileBytes.systemReason()) }
        if let reason = FileKind.reasonNotRead(UInt32(status.st_mode)) { throw .cannotRead(path: path, reason: reason) }
        let size = Int(status.st_size)
        guard size == expected ?? size else {
            throw .cannotRead(path: path, reason: "it holds \(size) bytes where \(expected ?? size) are expected")
        }
        guard size <= FileBytes.limit else {
            throw .cannotRead(path: path, reason: "it holds \(size) bytes, more than 4 GiB")
        }
        count = size
        isFile = true
        // A mapping of nothing is an error to the system.
        guard size > 0 else {
            base = nil
            return
        }
        guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
            throw .cannotRead(path: path, reason: FileBytes.systemReason())
        }
        base = UnsafeRawPointer(address)
    }

    /// A copy in memory, on a boundary of 64 bytes.
    public init(_ bytes: [UInt8]) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 64)
        copy.copyBytes(from: bytes)
        base = UnsafeRawPointer(copy.baseAddress)
        count = bytes.count
        isFile = false
    }

    deinit {
        guard let base else { return }
        if isFile { munmap(UnsafeMutableRawPointer(mutating: base), count) } else { base.deallocate() }
    }

    /// The bytes, for the length of the call.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(self) { try body(UnsafeRawBufferPointer(start: base, count: count)) }
    }
}
