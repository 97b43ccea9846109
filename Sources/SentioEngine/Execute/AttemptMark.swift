import SentioBase
import SentioKit

/// Remembers from when to when a stage wrote into the user's folder without finishing, so that what it left half-done
/// is not taken for somebody's work and kept. Of an attempt that was killed nobody knows the end: what it left may be
/// somebody's.
struct AttemptMark: Sendable {
    private let path: String

    init(workspace: Workspace, pipeline: String, stage: String) {
        path = "\(workspace.path)/tmp/attempts/\(Hashing.content("\(pipeline)\n\(stage)").hex)"
    }

    func begin() { write("\(WallClock.now())\n") }

    /// It ended without a result: what is written from now on is somebody's.
    func fail() { if let window { write("\(window.begin) \(WallClock.now())\n") } }

    func clear() { unlink(path) }

    /// When an attempt that did not finish wrote.
    struct Window: Sendable {
        let begin: Int
        /// Nil where it was killed.
        let end: Int?

        /// Who wrote a file or link last.
        func author(of path: String) -> Author {
            var status = stat()
            guard lstat(path, &status) == 0 else { return .somebody }
            let written = StatCache.Fingerprint(status).modified
            // The kernel's clock for files goes in ticks, and may lie a little behind.
            guard written >= begin - 20_000_000 else { return .somebody }
            guard let end else { return .unknown }
            return written <= end ? .attempt : .somebody
        }
    }

    enum Author {
        case somebody
        /// An attempt that failed.
        case attempt
        /// An attempt that was killed, or somebody after it.
        case unknown
    }

    /// Nil where no attempt began since the last one that finished.
    var window: Window? {
        guard let bytes = try? FileBytes.read(path, atMost: 100) else { return nil }
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace),
            numbers = words.compactMap { Int($0) }
        // Anybody may have written the file.
        guard numbers.count == words.count, (1...2).contains(numbers.count), numbers.allSatisfy({ $0 > 20_000_000 })
        else { return nil }
        return Window(begin: numbers[0], end: numbers.count > 1 ? numbers[1] : nil)
    }

    private func write(_ text: String) {
        try? Files.writeAtomically(
            Array(text.utf8), to: path, temporary: TemporaryName.path(in: Paths.directory(of: path), purpose: ".sentio")
        )
    }
}
