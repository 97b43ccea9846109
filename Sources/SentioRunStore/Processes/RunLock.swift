import Foundation
import SentioBase
import SentioKit

/// A `flock` on `tmp/locks/run-ID` beside the run store that a run holds while its history is written. The lock is
/// released when the process dies, so it tells reliably whether the run is alive; process ids and host names may be
/// equal in two containers.
///
/// The file reserves space for one line. If recording has to stop while the run continues, the line says why: on a full
/// disk a file cannot grow, but its contents can be overwritten.
final class RunLock: Sendable {
    /// The state of a run's lock.
    enum State: Sendable, Equatable {
        /// A process holds the lock: the run is alive.
        case held
        /// No process holds the lock. The note says what happened to the history, if anything was recorded.
        case free(RunLockNote?)
        /// There is no lock: the run was recorded by an earlier version, or the file system has no locks.
        case unknown
    }

    /// Size of the file in bytes.
    static let capacity = 1024
    private let descriptor: Int32
    private let path: String

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Acquires the lock of a run that starts.
    /// - Returns: nil if that is not possible; the run is then tracked by its process.
    static func take(run: String, storeAt store: String) -> RunLock? {
        guard let path = path(of: run, storeAt: store) else { return nil }
        for folder in [Paths.directory(of: store) + "/tmp", Paths.directory(of: path)] { mkdir(folder, 0o777) }
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
            guard descriptor >= 0 else { return nil }
            var status = stat()
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &status) == 0,
                status.st_mode & S_IFMT == S_IFREG
            else {
                close(descriptor)
                return nil
            }
            // Another process took the new file for an abandoned lock and removed it between `open` and `flock`.
            guard status.st_nlink > 0 else {
                close(descriptor)
                continue
            }
            let lock = RunLock(descriptor: descriptor, path: path)
            lock.write("running")
            return lock
        }
    }

    /// Records what happened to the history.
    func note(_ note: RunLockNote) { write(JSON.text(note.value)) }

    /// Removes the lock file: the run is over and its history is complete.
    func release() { unlink(path) }

    deinit { close(descriptor) }

    private func write(_ line: String) {
        var bytes = Array(line.utf8.prefix(Self.capacity - 1))
        bytes += [UInt8](repeating: 0x20, count: Self.capacity - 1 - bytes.count) + [0x0A]
        _ = pwrite(descriptor, bytes, bytes.count, 0)
    }

    // MARK: Locks of other processes

    static func state(of run: String, storeAt store: String) -> State {
        guard let path = path(of: run, storeAt: store) else { return .unknown }
        // Some file systems lock only files that are open for writing.
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return .unknown }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { return errno == EWOULDBLOCK ? .held : .unknown }
        var bytes = [UInt8](repeating: 0, count: capacity)
        let count = max(0, pread(descriptor, &bytes, capacity, 0))
        return .free(RunLockNote(line: bytes[..<count].prefix { $0 != 0x0A }))
    }

    /// Removes the lock file of a run whose end has been recorded.
    static func discard(run: String, storeAt store: String) {
        if let path = path(of: run, storeAt: store) { unlink(path) }
    }

    private static func path(of run: String, storeAt store: String) -> String? {
        let isName = run.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D
                || byte == 0x5F
        }
        return isName && !run.isEmpty && run.utf8.count <= 200
            ? Paths.directory(of: store) + "/tmp/locks/run-" + run : nil
    }
}

/// Why a run's history is incomplete, and how the run ended.
struct RunLockNote: Sendable, Equatable {
    /// The description of the run store's error.
    var reason: String
    /// The status of the run at its end, if it reached its end.
    var status: RunStatus?
    /// Duration of the run in seconds, if it reached its end.
    var seconds: Double?

    init(reason: String, status: RunStatus? = nil, seconds: Double? = nil) {
        self.reason = reason
        self.status = status
        self.seconds = seconds
    }

    init?(line: some Collection<UInt8>) {
        guard let value = try? JSON.parse(Array(line)), let reason = value["incomplete"]?.string else { return nil }
        self.reason = reason
        status = value["status"]?.string.flatMap { RunStatus(rawValue: $0) }
        seconds = value["seconds"]?.double
    }

    var value: Value {
        [
            "incomplete": .string(String(decoding: Array(reason.utf8.prefix(700)), as: UTF8.self)),
            "status": status.map { .string($0.rawValue) } ?? .null, "seconds": seconds.map(Value.double) ?? .null,
        ]
    }
}
