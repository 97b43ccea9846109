import SentioBase
import SentioKit

/// Opens files of a workspace: regular files in real folders. The workspace itself may be a link, but a link inside it
/// would redirect writes, and opening a pipe would block.
enum WorkspaceFile {
    /// Opens a file.
    /// - Parameter flags: flags of `open`, besides those that are always set here.
    /// - Returns: the descriptor; nil if there is no such file and `flags` do not create it.
    /// - Throws: `BlobStoreError`.
    static func open(_ path: String, _ flags: Int32, isInherited: Bool = false) throws(BlobStoreError) -> Int32? {
        let all = flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | (isInherited ? 0 : O_CLOEXEC)
        var descriptor = SentioBase.open(path, all, 0o644)
        if descriptor < 0, errno == ENOENT, flags & O_CREAT != 0 {
            try Files.makeDirectory(Paths.directory(of: path))
            descriptor = SentioBase.open(path, all, 0o644)
        }
        guard descriptor >= 0 else {
            let code = errno
            if code == ENOENT { return nil }
            // For a link (ELOOP), a pipe without a reader (ENXIO) or a folder (EISDIR), report what it is.
            if let other = kind(of: path) { throw .misplaced(path: path, isA: other, expected: "a file of its own") }
            let reason = FileBytes.reason(code)
            throw flags & O_ACCMODE == O_RDONLY
                ? .cannotRead(path: path, reason: reason) : .cannotWrite(path: path, reason: reason)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .misplaced(path: path, isA: kind(of: path) ?? "not a regular file", expected: "a file of its own")
        }
        return descriptor
    }

    /// Creates a folder of the workspace if it is missing.
    /// - Throws: `BlobStoreError.misplaced` if a link or a file is in its place.
    static func makeFolder(_ path: String) throws(BlobStoreError) {
        try Files.makeDirectory(path)
        guard !Files.isDirectoryItself(path) else { return }
        throw .misplaced(path: path, isA: kind(of: path) ?? "not a folder", expected: "a folder of its own")
    }

    /// What is at a path, in words; nil for a regular file or nothing.
    static func kind(of path: String) -> String? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: nil
        case S_IFLNK: "a symbolic link"
        case S_IFDIR: "a folder"
        case S_IFIFO: "a named pipe"
        case S_IFSOCK: "a socket"
        default: "a device"
        }
    }
}
