import SentioBase

/// Permission bits that an artifact must remember, because a file that is simply written would not have them.
///
/// What the process's umask makes of a plain file (0666), of a program (0777) and of a folder (0777) is not written as
/// a number, so that the same output has the same hash for users with another umask. Set-user and sticky bits are never
/// kept.
public enum FileMode: Sendable, Equatable {
    case executable
    case exactly(UInt32)

    /// nil for what a file or a folder has without being asked.
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

    /// - returns: nil for text that is no mode.
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

    public var bits: UInt32 {
        switch self {
        case .executable: 0o777 & ~Self.umask
        case .exactly(let bits): bits
        }
    }

    public var isExecutable: Bool {
        switch self {
        case .executable: true
        case .exactly(let bits): bits & 0o100 != 0
        }
    }

    /// Of a file, or a folder, about which nothing is remembered.
    public static func ordinary(isFolder: Bool) -> UInt32 { (isFolder ? 0o777 : 0o666) & ~umask }

    /// The process's own, read once: asking for it by setting it would race with files that other threads make.
    public static let umask: UInt32 = {
        let lines = (try? FileBytes.readStream("/proc/self/status")).map { $0.split(separator: 0x0A) } ?? []
        guard let line = lines.first(where: { $0.starts(with: "Umask:".utf8) }),
            let mask = UInt32(String(decoding: line.dropFirst(6).filter { $0 > 0x20 }, as: UTF8.self), radix: 8)
        else { return 0o022 }
        return mask
    }()
}
