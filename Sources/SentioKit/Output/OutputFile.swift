import SentioBase

/// A file that the user names for a result: `-o FILE`.
///
/// A regular file is replaced as a whole or not at all: written next to its destination, synced, renamed. A link is
/// kept and its target replaced. A pipe, a device, `/dev/stdout` or `/dev/fd/3` cannot be replaced and is written to.
public struct OutputFile: Sendable {
    enum Place: Sendable, Equatable {
        /// `mode` is that of the existing file, nil if there is none.
        case file(String, mode: mode_t?)
        case stream(String)
        case descriptor(Int32)
    }

    /// As the user named it.
    public let path: String
    let place: Place

    /// Finds out where the name leads; writes nothing.
    /// - Throws: `OutputFileError` for a folder, a missing parent folder or a circular link.
    public init(_ path: String) throws(OutputFileError) {
        self.path = path
        place = try Self.place(of: path)
    }

    /// Whether it is a pipe, a device or a descriptor: it cannot be read back, and a message on standard output could
    /// end up in the data.
    public var isStream: Bool { if case .file = place { false } else { true } }

    /// The path of the regular file, with links resolved; nil for a stream.
    public var target: String? { if case .file(let target, _) = place { target } else { nil } }

    /// Writes everything, or leaves a regular file as it was.
    /// - Throws: `OutputFileError`, `.readerGone` if the other end of a pipe was closed.
    public func write(_ bytes: [UInt8]) throws {
        try write { writer in try bytes.withUnsafeBytes { try writer.write($0) } }
    }

    /// Writes in pieces. If `body` throws, a regular file stays as it was.
    /// - Throws: `OutputFileError`; what `body` throws.
    public func write(_ body: (OutputFileWriter) throws -> Void) throws {
        switch place {
        case .descriptor(let number): try body(OutputFileWriter(descriptor: number, path: path))
        case .stream(let target):
            let descriptor = open(target, O_WRONLY | O_CLOEXEC | O_NOCTTY)
            guard descriptor >= 0 else { throw OutputFileError(path, FileBytes.systemReason()) }
            do { try body(OutputFileWriter(descriptor: descriptor, path: path)) } catch {
                close(descriptor)
                throw error
            }
            guard close(descriptor) == 0 || errno == EINTR else {
                throw OutputFileError(path, FileBytes.systemReason())
            }
        case .file(let target, let mode): try replace(target, mode: mode, body)
        }
    }

    private func replace(_ target: String, mode: mode_t?, _ body: (OutputFileWriter) throws -> Void) throws {
        // Replacing a file does not require permission to write it. Respect its protection anyway.
        guard mode == nil || access(target, W_OK) == 0 else { throw OutputFileError(path, FileBytes.systemReason()) }
        let half = "\(Paths.directory(of: target))/.sentio-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
        let descriptor = open(half, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode == nil ? 0o666 : 0o600)
        guard descriptor >= 0 else { throw OutputFileError(path, FileBytes.systemReason()) }
        // A run that cleans up in this folder takes unlocked temporary files for leftovers.
        _ = flock(descriptor, LOCK_EX | LOCK_NB)
        var isOpen = true
        do {
            try body(OutputFileWriter(descriptor: descriptor, path: path))
            if let mode {
                guard fchmod(descriptor, mode & 0o7777) == 0 else {
                    throw OutputFileError(path, FileBytes.systemReason())
                }
            }
            guard fsync(descriptor) == 0 || errno == EINVAL else {
                throw OutputFileError(path, FileBytes.systemReason())
            }
            guard rename(half, target) == 0 else { throw OutputFileError(path, FileBytes.systemReason()) }
            isOpen = false
            guard close(descriptor) == 0 || errno == EINTR else {
                throw OutputFileError(path, FileBytes.systemReason())
            }
        } catch {
            if isOpen { close(descriptor) }
            unlink(half)
            throw error
        }
        FolderSync.synchronize(Paths.directory(of: target))
    }

    // MARK: Where a name leads

    private static func place(of path: String) throws(OutputFileError) -> Place {
        guard !path.isEmpty else { throw OutputFileError("The file", "its name is empty") }
        var current = path
        for _ in 0..<40 {
            if let number = descriptor(named: current) { return .descriptor(number) }
            var status = stat()
            guard lstat(current, &status) == 0 else {
                guard errno == ENOENT else { throw OutputFileError(path, FileBytes.systemReason()) }
                let folder = Paths.directory(of: current)
                guard !current.hasSuffix("/") else { throw OutputFileError(path, "it names a folder, not a file") }
                guard stat(folder, &status) == 0 else {
                    throw OutputFileError(
                        path, "the folder \(folder) does not exist; create it first or name another file")
                }
                return .file(current, mode: nil)
            }
            switch status.st_mode & S_IFMT {
            case S_IFREG: return .file(current, mode: status.st_mode)
            case S_IFDIR: throw OutputFileError(path, "it is a folder; name a file in it")
            case S_IFLNK:
                guard let target = FileKind.linkTarget(current) else {
                    throw OutputFileError(path, FileBytes.systemReason())
                }
                current = target.hasPrefix("/") ? target : Paths.directory(of: current) + "/" + target
            default: return .stream(current)
            }
        }
        throw OutputFileError(path, "it is a circular symbolic link")
    }

    /// The open descriptor that a name stands for. It is used as it is: a file opened again would be overwritten from
    /// its start.
    private static func descriptor(named path: String) -> Int32? {
        if path == "/dev/stdout" { return 1 }
        if path == "/dev/stderr" { return 2 }
        for folder in ["/dev/fd/", "/proc/self/fd/", "/proc/\(getpid())/fd/"] where path.hasPrefix(folder) {
            return Int32(path.dropFirst(folder.count)).flatMap { $0 >= 0 ? $0 : nil }
        }
        return nil
    }
}
