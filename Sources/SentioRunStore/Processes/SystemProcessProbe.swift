import Foundation
import SentioBase

/// The locks of runs, and for those without one the processes of this machine: `kill(pid, 0)`, and `/proc` where there
/// is one.
public struct SystemProcessProbe: ProcessProbe {
    public let host: String
    public let boot: String?

    public init() {
        var name = [CChar](repeating: 0, count: 256)
        let found = gethostname(&name, name.count - 1) == 0
        host =
            found ? String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : "localhost"
        boot = Self.text(of: "/proc/sys/kernel/random/boot_id")?.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    public func exists(processID: Int) -> Bool {
        guard let number = pid_t(exactly: processID), number > 0 else { return false }
        return kill(number, 0) == 0 || errno == EPERM
    }

    public func start(processID: Int) -> String? {
        guard let text = Self.text(of: "/proc/\(processID)/stat") else { return nil }
        return Self.start(stat: text)
    }

    public func lock(run: String, storeAt path: String) -> RunLock? { RunLock.take(run: run, storeAt: path) }
    public func lockState(of run: String, storeAt path: String) -> RunLock.State {
        RunLock.state(of: run, storeAt: path)
    }

    /// Field 22 of `/proc/PID/stat`. The command (field 2) may hold spaces and brackets: fields count from its last
    /// `)`.
    static func start(stat: String) -> String? {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? String(fields[19]) : nil
    }

    private static func text(of path: String) -> String? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        return String(decoding: data, as: UTF8.self)
    }
}
