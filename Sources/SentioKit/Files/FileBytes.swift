import SentioBase

/// Whole files, with the system's own words when it refuses.
public enum FileBytes {
    /// The most one file may hold: 4 GiB. Larger ones are refused, not half read.
    public static let limit = 1 << 32

    /// - parameter limit: in bytes.
    /// - parameter followsLinks: false for files of the workspace, where no link belongs.
    /// - throws: `BlobStoreError.cannotRead` with the system's reason, or saying what it is where it is no regular
    ///   file.
    public static func read(
        _ path: String, atMost limit: Int = FileBytes.limit, followsLinks: Bool = true
    ) throws(BlobStoreError) -> [UInt8] {
        // Without O_NONBLOCK a named pipe would be waited for; regular files do not care.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followsLinks ? 0 : O_NOFOLLOW))
        guard descriptor >= 0 else { throw .cannotRead(path: path, reason: FileKind.reasonNotOpened(path, errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .cannotRead(path: path, reason: systemReason()) }
        if let reason = FileKind.reasonNotRead(UInt32(status.st_mode)) { throw .cannotRead(path: path, reason: reason) }
        let size = Int(status.st_size)
        guard size <= limit else {
            throw .cannotRead(path: path, reason: "it holds \(size) bytes, more than the \(limit) that are read")
        }
        var failure: String?
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let got = pread(descriptor, buffer.baseAddress! + count, size - count, off_t(count))
                if got < 0 && errno == EINTR { continue }
                if got < 0 { failure = systemReason() }
                guard got > 0 else { break }
                count += got
            }
        }
        if let failure { throw .cannotRead(path: path, reason: failure) }
        return bytes
    }

    /// The system's sentence for the last error, in lower case.
    public static func systemReason() -> String { reason(errno) }

    /// The system's sentence for an error number, in lower case.
    public static func reason(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }
}

extension FileBytes {
    /// A small file whose size the system does not know before (`/proc`), up to 1 MiB of it.
    /// - throws: `BlobStoreError.cannotRead`.
    public static func readStream(_ path: String) throws(BlobStoreError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotRead(path: path, reason: FileKind.reasonNotOpened(path, errno)) }
        defer { close(descriptor) }
        var bytes = [UInt8](), buffer = [UInt8](repeating: 0, count: 1 << 14)
        while bytes.count < 1 << 20 {
            let count = pread(descriptor, &buffer, buffer.count, off_t(bytes.count))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .cannotRead(path: path, reason: systemReason()) }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return bytes
    }
}
