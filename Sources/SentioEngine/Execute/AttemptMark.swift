import SentioKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Remembers from when to when a stage wrote into the user's folder without finishing, so that what it left half-done is not
/// taken for somebody's work and kept. Of an attempt that was killed nobody knows the end: what it left may be somebody's.
struct AttemptMark: Sendable {
    private let path: String

    init(workspace: Workspace, pipeline: String, stage: String) {
        path = "\(workspace.path)/tmp/attempts/\(Hashing.content("\(pipeline)\n\(stage)").hex)"
    }

    func begin() { write("\(StatCache.clock())\n") }

    /// It ended without a result: what is written from now on is somebody's.
    func fail() { if let started = numbers.first { write("\(started) \(StatCache.clock())\n") } }

    func clear() { unlink(path) }

    /// Whether a file was last written by an attempt that did not finish.
    func wrote(_ file: String) -> Bool {
        var status = stat()
        let numbers = numbers
        guard numbers.count == 2, numbers[0] <= numbers[1], stat(file, &status) == 0 else { return false }
        // The kernel's clock for files goes in ticks, and may lie a little behind.
        return (numbers[0] - 20_000_000...numbers[1]).contains(StatCache.Fingerprint(status).modified)
    }

    private var numbers: [Int] {
        guard let bytes = try? FileBytes.read(path, atMost: 100) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    }

    private func write(_ text: String) {
        try? Files.writeAtomically(
            Array(text.utf8), to: path, temporary: TemporaryName.path(in: Paths.directory(of: path), purpose: ".sentio"))
    }
}
