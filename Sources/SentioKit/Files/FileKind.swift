import SentioBase

/// What is at a path, as far as it matters to reading it.
public enum FileKind: Sendable, Equatable {
    case regular, folder, pipe, socket, characterDevice, blockDevice
    /// A symbolic link whose target does not exist.
    case danglingLink(target: String)
    /// A symbolic link that leads back to itself.
    case linkLoop(target: String)
    case missing
    /// The system cannot tell; its reason.
    case unknown(String)

    /// Decodes the file type in the mode of a `stat`.
    public init(mode: UInt32) {
        switch mode_t(mode) & S_IFMT {
        case S_IFREG: self = .regular
        case S_IFDIR: self = .folder
        case S_IFIFO: self = .pipe
        case S_IFSOCK: self = .socket
        case S_IFCHR: self = .characterDevice
        case S_IFBLK: self = .blockDevice
        default: self = .unknown("its file type is unknown")
        }
    }

    /// What is at a path, following links. Opens nothing, so pipes and devices cannot block it.
    public static func at(_ path: String) -> FileKind {
        var status = stat()
        if stat(path, &status) == 0 { return FileKind(mode: UInt32(status.st_mode)) }
        let code = errno
        if let target = linkBytes(path).map({ FileName.escaped($0) }) {
            if code == ENOENT || code == ENOTDIR { return .danglingLink(target: target) }
            if code == ELOOP { return .linkLoop(target: target) }
        }
        return code == ENOENT || code == ENOTDIR ? .missing : .unknown(FileBytes.reason(code))
    }

    /// Where a symbolic link points to; nil for anything else.
    public static func linkTarget(_ path: String) -> String? {
        linkBytes(path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The target of a symbolic link, byte for byte; nil for anything else.
    public static func linkBytes(_ path: String) -> [UInt8]? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4097) { buffer in
            guard let base = buffer.baseAddress else { return nil }
            let count = readlink(path, base, buffer.count)
            guard count > 0, count < buffer.count else { return nil }
            return buffer[..<count].map { UInt8(bitPattern: $0) }
        }
    }

    /// The end of a sentence whose subject is a path: `is a named pipe`.
    public var predicate: String {
        switch self {
        case .regular: "is a regular file"
        case .folder: "is a folder"
        case .pipe: "is a named pipe"
        case .socket: "is a socket"
        case .characterDevice, .blockDevice: "is a device"
        case .danglingLink(let target): "is a broken symbolic link (its target \(target) does not exist)"
        case .linkLoop(let target): "is a circular symbolic link (its target is \(target))"
        case .missing: "does not exist"
        case .unknown(let reason): "cannot be examined: \(reason)"
        }
    }

    /// Why a file could not be opened, more precise than the system's message for links, pipes and sockets.
    public static func reasonNotOpened(_ path: String, _ code: Int32) -> String {
        switch code {
        case ENOENT, ELOOP, ENXIO, ENOTDIR:
            switch at(path) {
            case .regular, .folder, .missing, .unknown: FileBytes.reason(code)
            case let kind: "it \(kind.predicate)"
            }
        default: FileBytes.reason(code)
        }
    }

    /// Why an opened file is not read; nil for a regular file.
    /// - Parameter mode: of its `stat`.
    public static func reasonNotRead(_ mode: UInt32) -> String? {
        let kind = FileKind(mode: mode)
        if case .unknown(let reason) = kind { return reason }
        return kind == .regular ? nil : "it is not a regular file but \(kind.predicate.dropFirst(3))"
    }
}
