import SentioBase

/// A file mapped into memory for reading, or a copy of bytes that are not in a file.
///
/// Pages are loaded on access and can be evicted at any time, so a collection larger than the machine's memory can be
/// read repeatedly. The mapping survives renaming and unlinking the file. Map only files that nobody truncates: blobs
/// of the store never change in place.
public final class MappedBytes: Sendable {
    /// Size in bytes.
    public let count: Int
    private nonisolated(unsafe) let base: UnsafeRawPointer?
    private let isFile: Bool

    /// Maps a whole regular file.
    /// - Parameters:
    ///   - expected: the size that the file must have in bytes; nil: any.
    ///   - followsLinks: false for files of the workspace, which must not be links.
    /// - Throws: `BlobStoreError.cannotRead` with the system's reason.
    public init(file path: String, size expected: Int? = nil, followsLinks: Bool = true) throws(BlobStoreError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followsLinks ? 0 : O_NOFOLLOW))
        guard descriptor >= 0 else { throw .cannotRead(path: path, reason: FileKind.reasonNotOpened(path, errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .cannotRead(path: path, reason: FileBytes.systemReason()) }
        if let reason = FileKind.reasonNotRead(UInt32(status.st_mode)) { throw .cannotRead(path: path, reason: reason) }
        let size = Int(status.st_size)
        guard size == expected ?? size else {
            throw .cannotRead(path: path, reason: "it has \(size) bytes instead of \(expected ?? size)")
        }
        guard size <= FileBytes.limit else {
            throw .cannotRead(path: path, reason: "it has \(size) bytes; the limit is 4 GiB")
        }
        count = size
        isFile = true
        // mmap rejects a length of 0.
        guard size > 0 else {
            base = nil
            return
        }
        guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
            throw .cannotRead(path: path, reason: FileBytes.systemReason())
        }
        base = UnsafeRawPointer(address)
    }

    /// Copies bytes to memory that is aligned to 64 bytes.
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

    /// Passes the bytes to `body`; they are valid only during the call.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(self) { try body(UnsafeRawBufferPointer(start: base, count: count)) }
    }
}
