/// What a terminal is given to show. Names, notes, logs and YAML come from strangers and may hold characters that steer
/// it: clear the screen, set its title, write over what stands there, or turn the order of letters round. None of them
/// reaches it.
///
/// It is done where text is written, so that no command can forget it. The colours of this program pass, for their
/// escape character is written as `escape` until then.
enum TerminalText {
    /// Stands for the escape character in what this program paints. Of 65,534 private characters each process draws its
    /// own, so that none in a file can pass for it.
    static let escape = Unicode.Scalar(UInt32.random(in: 0x10_0000...0x10_FFFD)) ?? "\u{100000}"

    /// - parameter forTerminal: where false, only `escape` is resolved: what goes to files and pipes stays as it is.
    static func bytes(_ text: String, forTerminal: Bool) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard bytes.contains(where: { forTerminal ? isSuspicious($0) : $0 == 0xF4 }) else { return bytes }
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == escape {
                shown.append("\u{1B}")
            } else {
                shown.append(forTerminal && steers(scalar) ? "\u{FFFD}" : scalar)
            }
        }
        return Array(String(shown).utf8)
    }

    /// Control characters but line end and tab, the marks that embed or override a direction of writing, and line
    /// separators.
    static func steers(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// Whether a byte may belong to one of these, or to `escape`.
    private static func isSuspicious(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != 0x0A && byte != 0x09 || byte == 0x7F || byte == 0xC2 || byte == 0xE2 || byte == 0xF4
    }
}
