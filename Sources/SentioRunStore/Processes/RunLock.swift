import Foundation
import SentioBase
public import SentioKit

/// A `flock` that a run holds for as long as its history is written, on `tmp/locks/run-ID` beside the run store. It
/// dies with the process, so it says whether a run still lives wherever it runs: process numbers and host names may be
/// the same in two containers.
///
/// The file keeps room for one line. Where the history had to stop while the run went on, the line says why: on a full
/// disk a file can no longer grow, but what it holds can be written over.
public final class RunLock: Sendable {
    /// What the lock of a run says.
    public enum State: Sendable, Equatable {
        /// A process holds it: the run lives.
        case held
        /// Nobody does; the line says what became of the history, where anything was noted.
        case free(RunLockNote?)
        /// There is none: the run is of an earlier version, or the file system has no locks.
        case unknown
    }

    static let room = 1024
    private let descriptor: Int32
    private let path: String

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Takes the lock of a run that begins.
    /// - returns: nil where that is not possible: then its process number must do.
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
            // Somebody who cleaned up between the two took it for one that was left behind.
            guard status.st_nlink > 0 else {
                close(descriptor)
                continue
            }
            let lock = RunLock(descriptor: descriptor, path: path)
            lock.write("running")
            return lock
        }
    }

    /// Notes for later what became of the history.
    func note(_ note: RunLockNote) { write(JSON.text(note.value)) }

    /// The run is over and its history whole: nothing is left.
    func release() { unlink(path) }

    deinit { close(descriptor) }

    private func write(_ line: String) {
        var bytes = Array(line.utf8.prefix(Self.room - 1))
        bytes += [UInt8](repeating: 0x20, count: Self.room - 1 - bytes.count) + [0x0A]
        _ = pwrite(descriptor, bytes, bytes.count, 0)
    }

    // MARK: Looking at the locks of others

    static func state(of run: String, storeAt store: String) -> State {
        guard let path = path(of: run, storeAt: store) else { return .unknown }
        // Some file systems lock only what is open for writing.
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return .unknown }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { return errno == EWOULDBLOCK ? .held : .unknown }
        var bytes = [UInt8](repeating: 0, count: room)
        let count = max(0, pread(descriptor, &bytes, room, 0))
        return .free(RunLockNote(line: bytes[..<count].prefix { $0 != 0x0A }))
    }

    /// Takes away what a run left that is marked now.
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
public struct RunLockNote: Sendable, Equatable {
    /// The sentence of the run store's error.
    public var reason: String
    public var status: RunStatus?
    public var seconds: Double?

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
