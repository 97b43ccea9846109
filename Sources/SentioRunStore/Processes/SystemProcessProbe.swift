import Foundation
import SentioBase

/// The probe of the real system: run locks, and for runs without a lock the process table (`kill(pid, 0)`, and `/proc`
/// if available).
struct SystemProcessProbe: ProcessProbe {
    let host: String
    let boot: String?

    init() {
        var name = [CChar](repeating: 0, count: 256)
        let found = gethostname(&name, name.count - 1) == 0
        host =
            found ? String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : "localhost"
        boot = Self.text(of: "/proc/sys/kernel/random/boot_id")?.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func exists(processID: Int) -> Bool {
        guard let number = pid_t(exactly: processID), number > 0 else { return false }
        return kill(number, 0) == 0 || errno == EPERM
    }

    func start(processID: Int) -> String? {
        guard let text = Self.text(of: "/proc/\(processID)/stat") else { return nil }
        return Self.start(stat: text)
    }

    func lock(run: String, storeAt path: String) -> RunLock? { RunLock.take(run: run, storeAt: path) }
    func lockState(of run: String, storeAt path: String) -> RunLock.State {
        RunLock.state(of: run, storeAt: path)
    }

    /// Field 22 of `/proc/PID/stat`. The command (field 2) may contain spaces and parentheses, so fields are counted
    /// from the last `)`.
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
