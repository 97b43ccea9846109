import ArgumentParser
import SentioBase
import SentioKit
import Synchronization

/// Data goes to standard output, everything else to standard error.
///
/// Every write of data is checked. The first one that fails is remembered and nothing more is written; how the process
/// ends says so (`exitCode(after:)`). Until then it goes on: a run is not worth less because nobody reads about it.
enum Output {
    private enum Failure {
        /// `sentio-pipeline … | head`: the reader has what it wanted.
        case readerGone
        case refused(reason: String)
    }

    private static let failure = Mutex<Failure?>(nil)
    private static let isTerminal = [isatty(0) == 1, isatty(1) == 1, isatty(2) == 1]

    /// Before anything else is opened: a standard descriptor that was closed would be given to the next file, and
    /// results would be printed into a database.
    static func prepare() {
        // A reader that goes away is an error of the write that meets it.
        signal(SIGPIPE, SIG_IGN)
        // The other way round than usual, so that writing and reading fail as on a descriptor that is closed.
        for (number, access) in [(Int32(0), O_WRONLY), (1, O_RDONLY), (2, O_RDONLY)] where fcntl(number, F_GETFD) < 0 {
            let null = open("/dev/null", access)
            if null >= 0, null != number {
                dup2(null, number)
                close(null)
            }
        }
    }

    /// A line of data.
    static func line(_ text: String) { data(text + "\n") }

    /// Lines of data, by one write.
    static func lines(_ lines: [String]) {
        if !lines.isEmpty { data(lines.joined(separator: "\n") + "\n") }
    }

    /// Lines for people: on a terminal none is cut inside a word.
    static func text(_ lines: [String]) {
        let width = Terminal.standardOutput().width
        self.lines(
            lines.flatMap { text in
                text.split(separator: "\n", omittingEmptySubsequences: false).flatMap {
                    Words.wrapped(String($0), to: width, indent: 2)
                }
            })
    }

    /// One document of JSON on one line.
    static func json(_ value: Value) { line(JSON.text(value)) }

    /// Data with its own line ends.
    static func data(_ text: String) {
        failure.withLock { failure in
            guard failure == nil else { return }
            let code = write(text, to: 1)
            if code != 0 { failure = code == EPIPE ? .readerGone : .refused(reason: FileBytes.reason(code)) }
        }
    }

    /// A line for the person who watches; on a terminal none is cut inside a word. What is indented, an excerpt of a
    /// file, stays.
    static func error(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let width = Terminal.standardError().width
        let fitted = lines.flatMap { $0.first == " " ? [$0] : Words.wrapped($0, to: width, indent: 2) }
        _ = write(fitted.joined(separator: "\n") + "\n", to: 2)
    }

    /// What steers the terminal that standard error is: only this program's own words.
    static func steer(_ text: String) { _ = write(bytes: Array(text.utf8), to: 2) }

    /// A result in a file that somebody named (`-o`). A pipe whose reader went away ends as standard output's would.
    /// - returns: whether `said` may be printed beside it.
    /// - throws: `OutputFileError`.
    static func file(_ text: String, at path: String, saying sentence: String) throws {
        let file = try OutputFile(path)
        do { try file.write(Array(text.utf8)) } catch OutputFileError.readerGone {
            return failure.withLock { $0 = $0 ?? .readerGone }
        }
        // Beside data that goes to a stream a sentence on standard output would be taken for data.
        if file.isStream { error(sentence) } else { line(sentence) }
    }

    /// Ends the process at once, after the last write.
    static func exit(_ code: Int32) -> Never { SentioBase.exit(exitCode(after: code)) }

    /// The code to end with.
    private static func exitCode(after code: Int32) -> Int32 {
        // Some file systems say only now that there was no room.
        if close(1) != 0, errno != EBADF, errno != EINTR {
            let reason = FileBytes.systemReason()
            failure.withLock { $0 = $0 ?? .refused(reason: reason) }
        }
        switch failure.withLock({ $0 }) {
        case nil: return code
        case .readerGone: return code == 0 ? 128 + SIGPIPE : code
        case .refused(let reason):
            error("error: Standard output cannot be written: \(reason). What was printed is incomplete.")
            return code == 0 || code == ExitCodes.stale.rawValue ? 1 : code
        }
    }

    /// - returns: 0, or the error number.
    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        write(bytes: TerminalText.bytes(text, forTerminal: isTerminal[Int(descriptor)]), to: descriptor)
    }

    private static func write(bytes: [UInt8], to descriptor: Int32) -> Int32 {
        bytes.withUnsafeBytes { DescriptorWrite.all($0, to: descriptor) }
    }
}
