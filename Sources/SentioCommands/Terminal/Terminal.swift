import SentioBase

/// The capabilities of an output descriptor.
struct Terminal: Sendable {
    let isTerminal: Bool
    let hasColor: Bool
    let descriptor: Int32

    private init(descriptor: Int32) {
        self.descriptor = descriptor
        isTerminal = isatty(descriptor) == 1 && Environment["TERM"] != "dumb"
        hasColor = isTerminal && Environment["NO_COLOR"] == nil
    }

    /// For output that ends up in a file, a pipe, or between the lines of another stream.
    private init(plain descriptor: Int32) {
        self.descriptor = descriptor
        isTerminal = false
        hasColor = false
    }

    /// Standard error, where progress goes. There are no colors or live lines if it is not a terminal, or with
    /// `NO_COLOR` or `TERM=dumb`.
    /// - Parameter isShared: whether data is printed to the same screen meanwhile, which moving lines would garble.
    static func standardError(isShared: Bool = false) -> Terminal {
        isShared && isatty(1) == 1 ? Terminal(plain: 2) : Terminal(descriptor: 2)
    }

    /// Standard output, where tables go.
    static func standardOutput() -> Terminal { Terminal(descriptor: 1) }

    /// Columns and rows; 80 by 24 if the terminal does not report its size.
    var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Maximum line length; nil if it is not a terminal, and then nothing is cut.
    var width: Int? { isTerminal ? size.columns : nil }

    enum Color: String { case green = "32", yellow = "33", red = "31", blue = "34", dim = "2", bold = "1" }

    func paint(_ text: String, _ color: Color) -> String {
        hasColor ? "\(TerminalText.escape)[\(color.rawValue)m\(text)\(TerminalText.escape)[0m" : text
    }
}
