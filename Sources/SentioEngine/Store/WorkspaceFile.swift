import SentioBase
import SentioKit

/// Opens what belongs to a workspace: regular files in real folders. The workspace itself may be a link; a link inside
/// it would lead writes to whatever somebody pointed it at, and a pipe would be waited for.
enum WorkspaceFile {
    /// - parameter flags: as of `open`, without those that every such file is opened with.
    /// - returns: the descriptor; nil where there is no such file and `flags` do not make one.
    /// - throws: `BlobStoreError`.
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
            // A link (ELOOP), a pipe without a reader (ENXIO), a folder (EISDIR) are told by what they are.
            if let other = kind(of: path) { throw .misplaced(path: path, isA: other, expected: "a file of its own") }
            let reason = FileBytes.reason(code)
            throw flags & O_ACCMODE == O_RDONLY
                ? .cannotRead(path: path, reason: reason) : .cannotWrite(path: path, reason: reason)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .misplaced(path: path, isA: kind(of: path) ?? "no regular file", expected: "a file of its own")
        }
        return descriptor
    }

    /// Makes a folder of the workspace where it is missing.
    /// - throws: `BlobStoreError.misplaced` where a link or a file stands in its place.
    static func makeFolder(_ path: String) throws(BlobStoreError) {
        try Files.makeDirectory(path)
        guard !Files.isDirectoryItself(path) else { return }
        throw .misplaced(path: path, isA: kind(of: path) ?? "no folder", expected: "a folder of its own")
    }

    /// A word for what is no regular file; nil for one, and for nothing.
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
