import SentioBase

/// Permission bits that an artifact must record because a newly written file would not have them.
///
/// The bits that the process's umask leaves of a plain file (0666), a program (0777) and a folder (0777) are not
/// recorded as numbers, so that the same output has the same hash under any umask. Set-user-ID and sticky bits are
/// never kept.
public enum FileMode: Sendable, Equatable {
    /// The bits of a newly written program.
    case executable
    /// Any other bits, 0 to 0o777.
    case exactly(UInt32)

    /// nil for the bits that a file or folder has by default.
    public init?(of mode: UInt32, isFolder: Bool, umask: UInt32 = FileMode.umask) {
        let bits = mode & 0o777
        if isFolder {
            guard bits != 0o777 & ~umask else { return nil }
        } else {
            guard bits != 0o666 & ~umask else { return nil }
            if bits == 0o777 & ~umask {
                self = .executable
                return
            }
        }
        self = .exactly(bits)
    }

    /// Parses `text`; nil for anything else.
    public init?(text: String) {
        if text == "executable" {
            self = .executable
        } else if let bits = UInt32(text, radix: 8), bits <= 0o777 {
            self = .exactly(bits)
        } else {
            return nil
        }
    }

    /// `executable`, or the bits in octal: `0600`.
    public var text: String {
        switch self {
        case .executable: return "executable"
        case .exactly(let bits):
            let digits = String(bits, radix: 8)
            return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        }
    }

    /// The bits under the umask of this process.
    public var bits: UInt32 {
        switch self {
        case .executable: 0o777 & ~Self.umask
        case .exactly(let bits): bits
        }
    }

    /// Whether the owner may execute the file.
    public var isExecutable: Bool {
        switch self {
        case .executable: true
        case .exactly(let bits): bits & 0o100 != 0
        }
    }

    /// The bits of a file or folder without a recorded mode.
    public static func ordinary(isFolder: Bool) -> UInt32 { (isFolder ? 0o777 : 0o666) & ~umask }

    /// The process's umask, read once from `/proc` (022 if that fails): `umask` can only be queried by setting it,
    /// which would race with other threads that create files.
    public static let umask: UInt32 = {
        let lines = (try? FileBytes.readStream("/proc/self/status")).map { $0.split(separator: 0x0A) } ?? []
        guard let line = lines.first(where: { $0.starts(with: "Umask:".utf8) }),
            let mask = UInt32(String(decoding: line.dropFirst(6).filter { $0 > 0x20 }, as: UTF8.self), radix: 8)
        else { return 0o022 }
        return mask
    }()
}
