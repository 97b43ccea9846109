import SentioBase
import SentioKit

/// Remembers when an unfinished attempt of a stage wrote into the user's folder, so that what it left half-done is not
/// taken for a user's work and kept. If the attempt was killed, its end is unknown, and what it left may be a user's.
struct AttemptMark: Sendable {
    private let path: String

    init(workspace: Workspace, pipeline: String, stage: String) {
        path = "\(workspace.path)/tmp/attempts/\(Hashing.content("\(pipeline)\n\(stage)").hex)"
    }

    func begin() { write("\(WallClock.now())\n") }

    /// The attempt ended without a result. Whatever is written from now on is a user's.
    func fail() { if let window { write("\(window.begin) \(WallClock.now())\n") } }

    func clear() { unlink(path) }

    /// When an unfinished attempt wrote, in nanoseconds since 1970.
    struct Window: Sendable {
        let begin: Int
        /// nil if it was killed.
        let end: Int?

        /// Who last wrote a file or link.
        func author(of path: String) -> Author {
            var status = stat()
            guard lstat(path, &status) == 0 else { return .somebody }
            let written = StatCache.Fingerprint(status).modified
            // The kernel's clock for files advances in ticks and may lag a little.
            guard written >= begin - 20_000_000 else { return .somebody }
            guard let end else { return .unknown }
            return written <= end ? .attempt : .somebody
        }
    }

    enum Author {
        /// A user, or another program.
        case somebody
        /// A failed attempt.
        case attempt
        /// A killed attempt, or somebody after it.
        case unknown
    }

    /// nil if no attempt has begun since the last one that finished.
    var window: Window? {
        guard let bytes = try? FileBytes.read(path, atMost: 100) else { return nil }
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace),
            numbers = words.compactMap { Int($0) }
        // The file may have been tampered with.
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
