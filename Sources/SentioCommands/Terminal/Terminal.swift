import SentioBase

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

    func paint(_ text: String, _ color: Color) -> String {
        hasColor ? "\(TerminalText.escape)[\(color.rawValue)m\(text)\(TerminalText.escape)[0m" : text
    }
}
