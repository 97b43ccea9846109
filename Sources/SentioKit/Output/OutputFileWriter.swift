import SentioBase

/// Writes an `OutputFile` piece by piece.
public struct OutputFileWriter {
    let descriptor: Int32
    let path: String

    /// Appends bytes.
    /// - Throws: `OutputFileError`, `.readerGone` if the other end of a pipe was closed.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(OutputFileError) {
        let code = DescriptorWrite.all(bytes, to: descriptor)
        guard code == 0 else { throw code == EPIPE ? .readerGone(path) : OutputFileError(path, FileBytes.reason(code)) }
    }
}

/// Writes to a descriptor until everything is written.
public enum DescriptorWrite {
    /// Writes all bytes, waiting for a descriptor in non-blocking mode.
    /// - Returns: 0, or the error number of the write that failed.
    public static func all(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
        var offset = 0
        while offset < bytes.count {
            let count = write(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
            if count > 0 {
                offset += count
            } else if count < 0, errno == EAGAIN {
                // Another process put the pipe or terminal in non-blocking mode.
                var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&request, 1, -1)
            } else if count == 0 {
                return ENOSPC
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }
}
