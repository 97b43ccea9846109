import SentioKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Data goes to standard output, everything else to standard error.
enum Output {
    /// A line of data.
    static func line(_ text: String) { write(text + "\n", to: 1) }

    /// Lines of data, by one write.
    static func lines(_ lines: [String]) {
        if !lines.isEmpty { write(lines.joined(separator: "\n") + "\n", to: 1) }
    }

    /// One document of JSON on one line.
    static func json(_ value: Value) { line(JSON.text(value)) }

    /// A line for the person who watches.
    static func error(_ text: String) { write(text + "\n", to: 2) }

    static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { buffer in systemWrite(descriptor, buffer.baseAddress, buffer.count) }
            if count < 0 && errno == EINTR { continue }
            // A reader that went away is no reason to stop computing.
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    private static func systemWrite(_ descriptor: Int32, _ base: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
        Glibc.write(descriptor, base, count)
        #elseif canImport(Musl)
        Musl.write(descriptor, base, count)
        #else
        Darwin.write(descriptor, base, count)
        #endif
    }
}

enum Environment {
    static subscript(name: String) -> String? {
        guard let text = getenv(name) else { return nil }
        let value = String(cString: text)
        return value.isEmpty ? nil : value
    }
}

/// What a terminal can show.
struct Terminal: Sendable {
    let isTerminal: Bool
    let hasColor: Bool
    let descriptor: Int32

    private init(descriptor: Int32) {
        self.descriptor = descriptor
        isTerminal = isatty(descriptor) == 1 && Environment["TERM"] != "dumb"
        hasColor = isTerminal && Environment["NO_COLOR"] == nil
    }

    /// What is written here ends in a file, a pipe, or between the lines of another stream.
    private init(plain descriptor: Int32) {
        self.descriptor = descriptor
        isTerminal = false
        hasColor = false
    }

    /// Standard error, where progress goes. No colour or live lines off a terminal, under `NO_COLOR` or `TERM=dumb`.
    /// - parameter isShared: data goes to the same screen as it comes: lines that move would tear it.
    static func standardError(isShared: Bool = false) -> Terminal {
        isShared && isatty(1) == 1 ? Terminal(plain: 2) : Terminal(descriptor: 2)
    }

    /// Standard output, where tables go.
    static func standardOutput() -> Terminal { Terminal(descriptor: 1) }

    /// Columns and rows; 80 by 24 where the terminal does not say.
    var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// How long a line may be; nil off a terminal, where nothing is cut.
    var width: Int? { isTerminal ? size.columns : nil }

    enum Color: String { case green = "32", yellow = "33", red = "31", blue = "34", dim = "2", bold = "1" }

    func paint(_ text: String, _ color: Color) -> String { hasColor ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text }
}
