import ArgumentParser
import SentioBase
import SentioKit
import Synchronization

/// Data goes to standard output, everything else to standard error.
///
/// Every write of data is checked. The first failure is recorded and nothing more is written; it determines how the
/// process ends (`exitCode(after:)`). Until then the work continues: a run is still worth completing if nobody reads
/// its output.
enum Output {
    private enum Failure {
        /// `sentio-pipeline … | head`: the reader has seen enough.
        case readerGone
        case refused(reason: String)
    }

    private static let failure = Mutex<Failure?>(nil)
    private static let isTerminal = [isatty(0) == 1, isatty(1) == 1, isatty(2) == 1]

    /// Must be called before anything else is opened: otherwise a file could get a closed standard descriptor, and
    /// results would be printed into a database.
    static func prepare() {
        // A reader that goes away is an error of the write, not a signal.
        signal(SIGPIPE, SIG_IGN)
        // Opened with the opposite access, so that reading and writing fail as they do on a closed descriptor.
        for (number, access) in [(Int32(0), O_WRONLY), (1, O_RDONLY), (2, O_RDONLY)] where fcntl(number, F_GETFD) < 0 {
            let null = open("/dev/null", access)
            if null >= 0, null != number {
                dup2(null, number)
                close(null)
            }
        }
    }

    /// Prints a line of data.
    static func line(_ text: String) { data(text + "\n") }

    /// Prints lines of data with one write.
    static func lines(_ lines: [String]) {
        if !lines.isEmpty { data(lines.joined(separator: "\n") + "\n") }
    }

    /// Prints lines for people, wrapped between words on a terminal.
    static func text(_ lines: [String]) {
        let width = Terminal.standardOutput().width
        self.lines(
            lines.flatMap { text in
                text.split(separator: "\n", omittingEmptySubsequences: false).flatMap {
                    Words.wrapped(String($0), to: width, indent: 2)
                }
            })
    }

    /// Prints a JSON document on one line.
    static func json(_ value: Value) { line(JSON.text(value)) }

    /// Prints data that contains its own line ends.
    static func data(_ text: String) {
        failure.withLock { failure in
            guard failure == nil else { return }
            let code = write(text, to: 1)
            if code != 0 { failure = code == EPIPE ? .readerGone : .refused(reason: FileBytes.reason(code)) }
        }
    }

    /// Prints a message on standard error, wrapped between words on a terminal. Indented lines, such as excerpts of a
    /// file, are not wrapped.
    static func error(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let width = Terminal.standardError().width
        let fitted = lines.flatMap { $0.first == " " ? [$0] : Words.wrapped($0, to: width, indent: 2) }
        _ = write(fitted.joined(separator: "\n") + "\n", to: 2)
    }

    /// Writes control sequences to the terminal on standard error; for sequences of this program only.
    static func control(_ text: String) { _ = write(bytes: Array(text.utf8), to: 2) }

    /// Writes a result to a file that the user named (`-o`), then prints `sentence`. A pipe whose reader went away is
    /// treated like standard output.
    /// - Throws: `OutputFileError`.
    static func file(_ text: String, at path: String, saying sentence: String) throws {
        let file = try OutputFile(path)
        do { try file.write(Array(text.utf8)) } catch OutputFileError.readerGone {
            return failure.withLock { $0 = $0 ?? .readerGone }
        }
        // If the data goes to a stream, a message on standard output would be mistaken for data.
        if file.isStream { error(sentence) } else { line(sentence) }
    }

    /// Exits immediately, after the last write.
    static func exit(_ code: Int32) -> Never { SentioBase.exit(exitCode(after: code)) }

    /// The exit code, which reports failed writes.
    private static func exitCode(after code: Int32) -> Int32 {
        // Some file systems report a full disk only on close.
        if close(1) != 0, errno != EBADF, errno != EINTR {
            let reason = FileBytes.systemReason()
            failure.withLock { $0 = $0 ?? .refused(reason: reason) }
        }
        switch failure.withLock({ $0 }) {
        case nil: return code
        case .readerGone: return code == 0 ? 128 + SIGPIPE : code
        case .refused(let reason):
            error("error: Standard output cannot be written: \(reason). The output is incomplete.")
            return code == 0 || code == ExitCodes.stale.rawValue ? 1 : code
        }
    }

    /// - Returns: 0, or the error number.
    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        write(bytes: TerminalText.bytes(text, forTerminal: isTerminal[Int(descriptor)]), to: descriptor)
    }

    private static func write(bytes: [UInt8], to descriptor: Int32) -> Int32 {
        bytes.withUnsafeBytes { DescriptorWrite.all($0, to: descriptor) }
    }
}
