import SentioBase
import SentioKit

/// The holder of a lock: the run that signed it or, if that has ended, processes that it started. Commands inherit the
/// lock of their stage, so that no second one starts while one that outlives a killed run is still at work.
package struct LockHolder: Sendable, Equatable {
    /// `pid 4242 on workstation since 2026-11-23 03:15:22 UTC`; empty if it is not signed yet.
    let signature: String
    /// If the process that signed has ended, the processes on this host that have the lock open.
    let orphans: [Orphan]
    /// Whether the process that signed has ended.
    package let isOrphaned: Bool

    struct Orphan: Sendable, Equatable {
        let processID: Int32
        /// `sleep 600`; empty if the system does not tell.
        let command: String
    }

    /// Whether this process holds it for an identical stage. The signature is not enough: a process in another
    /// container may have the same id and host name.
    let isOurs: Bool

    /// The holder according to the content of the lock file.
    /// - Parameter namespace: that of the process ids of the signer; ids of another namespace have no meaning here.
    init(signature: String, namespace: String, lock path: String) {
        self.signature = signature
        isOurs = FileLock.isHeldHere(path)
        let words = signature.split(separator: " ")
        guard !isOurs, words.count > 3, words[0] == "pid", let process = Int32(words[1]), process > 0,
            words[3] == HostInfo.name[...],
            namespace == HostInfo.processNamespace, Self.isGone(process, lock: path)
        else {
            orphans = []
            isOrphaned = false
            return
        }
        orphans = Self.processes(holding: path)
        // If no holder is visible, it is a process that this one cannot see.
        isOrphaned = !orphans.isEmpty
    }

    /// The holder of the places of outputs: the runs that have the file open or, if there are none, processes that a
    /// killed run had started.
    init(claim path: String) {
        let all = Self.processes(holding: path),
            runs = all.filter { Self.program(of: $0.processID) == Self.program(of: getpid()) }
        isOurs = false
        orphans = runs.isEmpty ? all : []
        isOrphaned = !orphans.isEmpty
        signature =
            runs.isEmpty ? "" : runs.map { "pid \($0.processID)" }.joined(separator: ", ") + " on \(HostInfo.name)"
    }

    /// In words: `pid 4242 on workstation since …`, or `pid 5150 (sleep 600), which a killed run (pid 4242) had
    /// started`.
    package var text: String {
        guard isOrphaned else { return signature.isEmpty ? "another process" : signature }
        let run = signature.isEmpty ? "" : " (\(signature.split(separator: " ").prefix(2).joined(separator: " ")))"
        let shown = orphans.prefix(3).map {
            $0.command.isEmpty ? "pid \($0.processID)" : "pid \($0.processID) (\($0.command))"
        }
        let more = orphans.count > 3 ? " and \(orphans.count - 3) more" : ""
        return "\(shown.joined(separator: ", "))\(more), which a killed run\(run) had started"
    }

    /// The id may belong to a new process since, but that one does not have the lock open.
    private static func isGone(_ process: Int32, lock path: String) -> Bool {
        if kill(process, 0) != 0 { return errno == ESRCH }
        var lock = stat()
        guard stat(path, &lock) == 0, access("/proc/\(process)/fd", R_OK) == 0 else { return false }
        return !holds(process, lock)
    }

    private static func holds(_ process: Int32, _ lock: stat) -> Bool {
        let folder = "/proc/\(process)/fd"
        return Files.list(folder).contains { name in
            var status = stat()
            return stat(folder + "/" + name, &status) == 0 && status.st_dev == lock.st_dev
                && status.st_ino == lock.st_ino
        }
    }

    /// Processes that have the file open, from `/proc`, which does not show those of other users.
    private static func processes(holding path: String) -> [Orphan] {
        var lock = stat()
        guard stat(path, &lock) == 0 else { return [] }
        return Files.list("/proc").compactMap { Int32($0) }.sorted().compactMap { process in
            guard process != getpid(), holds(process, lock) else { return nil }
            return Orphan(processID: process, command: command(of: process))
        }
    }

    /// The name of its program, even if the file was replaced after it started.
    private static func program(of process: Int32) -> String {
        let path = FileKind.linkTarget("/proc/\(process)/exe") ?? ""
        return String((path.split(separator: "/").last ?? "").prefix { $0 != " " })
    }

    private static func command(of process: Int32) -> String {
        let bytes = (try? FileBytes.readStream("/proc/\(process)/cmdline")) ?? []
        let words = bytes.split(separator: 0).map { FileName.escaped($0) }.joined(separator: " ")
        return words.count > 80 ? words.prefix(80) + "…" : words
    }
}
