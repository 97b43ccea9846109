import SentioBase
import SentioKit

/// File operations of the workspace. Errors carry the system's reason.
enum Files {
    /// Creates a folder and its parents.
    static func makeDirectory(_ path: String) throws(BlobStoreError) {
        if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw .cannotWrite(path: path, reason: FileBytes.systemReason())
        }
        try makeDirectory(String(path[..<slash]))
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
            throw .cannotWrite(path: path, reason: FileBytes.systemReason())
        }
    }

    /// Writes a file as a whole or not at all: temporary file, fsync, rename.
    /// - Parameter ending: written after `bytes`, to avoid a copy of a large array.
    static func writeAtomically(
        _ bytes: [UInt8], _ ending: [UInt8] = [], to path: String, temporary: String, mode: mode_t = 0o644
    ) throws(BlobStoreError) {
        let writer = try FileWriter(path: temporary)
        do throws(BlobStoreError) {
            try writer.write(bytes)
            try writer.write(ending)
            try writer.finish(renamingTo: path, mode: mode)
            FolderSync.synchronize(Paths.directory(of: path))
        } catch {
            writer.abandon()
            throw error
        }
    }

    /// Whether there is anything at a path, even a broken link.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Removes a file, or a folder with its content, if it exists. Links are removed, never followed.
    /// - Returns: whether nothing is left.
    @discardableResult
    static func remove(_ path: String) -> Bool { remove(Array(path.utf8)) }

    /// Works on bytes, because names may not be text.
    private static func remove(_ path: [UInt8]) -> Bool {
        let terminated = path.map { CChar(bitPattern: $0) } + [0]
        var status = stat()
        guard lstat(terminated, &status) == 0 else { return errno == ENOENT }
        guard status.st_mode & S_IFMT == S_IFDIR else { return unlink(terminated) == 0 || errno == ENOENT }
        if rmdir(terminated) == 0 { return true }
        // Files can only be removed from a writable folder.
        if status.st_mode & 0o700 != 0o700 { chmod(terminated, 0o700) }
        for name in names(terminated) { _ = remove(path + [UInt8(ascii: "/")] + name) }
        return rmdir(terminated) == 0
    }

    private static func names(_ folder: [CChar]) -> [[UInt8]] {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        guard let stream = fdopendir(descriptor) else {
            close(descriptor)
            return []
        }
        defer { closedir(stream) }
        return FolderListing.names(of: stream)
    }

    /// Names in a folder, in byte order, without `.` and `..`; empty if it cannot be read.
    static func list(_ path: String) -> [String] {
        (try? names(in: path)) ?? []
    }

    /// The same, with an error for a folder that cannot be read.
    /// - Throws: `BlobStoreError.cannotRead`.
    static func names(in path: String) throws(BlobStoreError) -> [String] {
        try FolderListing.names(in: path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The file or link at a path, or all files and links below a folder, in byte order. Links are not followed; names
    /// that are not UTF-8 are skipped.
    /// - Throws: `BlobStoreError.cannotRead` for a folder that cannot be listed.
    static func filesAndLinks(under path: String) throws(BlobStoreError) -> [String] {
        var status = stat()
        guard lstat(path, &status) == 0 else { return [] }
        if [S_IFREG, S_IFLNK].contains(status.st_mode & S_IFMT) { return [path] }
        guard status.st_mode & S_IFMT == S_IFDIR else { return [] }
        var files: [String] = []
        for name in try FolderListing.names(in: path) {
            guard let name = String(validating: name, as: UTF8.self) else { continue }
            files += try filesAndLinks(under: path + "/" + name)
        }
        return files
    }

    /// Creates a symbolic link, replacing an existing link but nothing else.
    /// - Returns: whether the link was created.
    @discardableResult
    static func link(_ path: String, to target: String) -> Bool {
        if symlink(target, path) == 0 { return true }
        guard errno == EEXIST, FileKind.linkTarget(path) != nil else { return false }
        unlink(path)
        return symlink(target, path) == 0
    }

    /// Whether there is a folder at a path, and not a link to one.
    static func isDirectoryItself(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    static func size(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Whether the file exists and is a regular file of this size.
    static func isFile(_ path: String, size: Int) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && Int(status.st_size) == size
    }

    /// Copies a file as a whole or not at all. By default the user can edit the copy. The folder is not synced.
    static func copy(
        _ source: String, to path: String, temporary: String, mode: mode_t = mode_t(FileMode.ordinary(isFolder: false))
    ) throws(BlobStoreError) {
        let writer = try FileWriter(path: temporary)
        do throws(BlobStoreError) {
            try readChunks(source) { buffer throws(BlobStoreError) in try writer.write(buffer) }
            try writer.finish(renamingTo: path, mode: mode)
        } catch {
            writer.abandon()
            throw error
        }
    }

    /// Moves a file, a link or a folder to a free path; files and links also to another file system.
    /// - Throws: `BlobStoreError.cannotWrite`.
    static func move(_ path: String, to target: String, temporary: String) throws(BlobStoreError) {
        if rename(path, target) == 0 { return }
        let code = errno
        var status = stat()
        guard code == EXDEV, lstat(path, &status) == 0 else {
            throw .cannotWrite(path: target, reason: FileBytes.reason(code))
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: try copy(path, to: target, temporary: temporary, mode: status.st_mode & 0o777)
        case S_IFLNK:
            guard let text = FileKind.linkTarget(path), link(target, to: text) else {
                throw .cannotWrite(path: target, reason: FileBytes.reason(code))
            }
        default: throw .cannotWrite(path: target, reason: FileBytes.reason(code))
        }
        FolderSync.synchronize(Paths.directory(of: target))
        guard unlink(path) == 0 else { throw .cannotWrite(path: path, reason: FileBytes.systemReason()) }
    }

    /// Passes the content of a regular file to `body` in chunks of 1 MiB. Pipes and devices are refused.
    static func readChunks(_ path: String, _ body: (UnsafeRawBufferPointer) throws(BlobStoreError) -> Void)
        throws(BlobStoreError)
    {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .cannotRead(path: path, reason: FileKind.reasonNotOpened(path, errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .cannotRead(path: path, reason: FileBytes.systemReason()) }
        if let reason = FileKind.reasonNotRead(UInt32(status.st_mode)) { throw .cannotRead(path: path, reason: reason) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .cannotRead(path: path, reason: FileBytes.systemReason()) }
            if count == 0 { return }
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
