import SentioBase

/// Reads whole files. Errors carry the system's own reason.
public enum FileBytes {
    /// Size limit of a file in bytes: 4 GiB. Larger files are refused rather than read in part.
    public static let limit = 1 << 32

    /// Reads a regular file.
    /// - Parameters:
    ///   - limit: size limit in bytes.
    ///   - followsLinks: false for files of the workspace, which must not be links.
    /// - Throws: `BlobStoreError.cannotRead` with the system's reason, or with what the path is if not a regular file.
    public static func read(
        _ path: String, atMost limit: Int = FileBytes.limit, followsLinks: Bool = true
    ) throws(BlobStoreError) -> [UInt8] {
        // Without O_NONBLOCK, opening a named pipe would block. Regular files ignore it.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followsLinks ? 0 : O_NOFOLLOW))
        guard descriptor >= 0 else { throw .cannotRead(path: path, reason: FileKind.reasonNotOpened(path, errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .cannotRead(path: path, reason: systemReason()) }
        if let reason = FileKind.reasonNotRead(UInt32(status.st_mode)) { throw .cannotRead(path: path, reason: reason) }
        let size = Int(status.st_size)
        guard size <= limit else {
            throw .cannotRead(path: path, reason: "it has \(size) bytes; the limit is \(limit)")
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

    /// The system's message for the last error, in lower case.
    public static func systemReason() -> String { reason(errno) }

    /// The system's message for an error number, in lower case.
    public static func reason(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }
}

extension FileBytes {
    /// Reads a file whose size the system does not report (`/proc`), at most about 1 MiB of it.
    /// - Throws: `BlobStoreError.cannotRead`.
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
