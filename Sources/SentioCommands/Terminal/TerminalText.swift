/// Sanitizes text for a terminal. Names, notes, logs and YAML may come from strangers and contain characters that
/// control the terminal: clear the screen, set its title, overwrite text, or reverse the order of letters. These are
/// replaced.
///
/// This happens where text is written, so that no command can forget it. Colors of this program pass, because their
/// escape character is represented by `escape` until then.
enum TerminalText {
    /// Represents the escape character in text that this program colors. Each process picks one of 65,534 private-use
    /// characters at random, so that text from a file cannot imitate it.
    static let escape = Unicode.Scalar(UInt32.random(in: 0x10_0000...0x10_FFFD)) ?? "\u{100000}"

    /// Encodes text for output.
    /// - Parameter forTerminal: if false, only `escape` is resolved, and everything else is written unchanged to files
    ///   and pipes.
    static func bytes(_ text: String, forTerminal: Bool) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard bytes.contains(where: { forTerminal ? isSuspicious($0) : $0 == 0xF4 }) else { return bytes }
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == escape {
                shown.append("\u{1B}")
            } else {
                shown.append(forTerminal && controlsTerminal(scalar) ? "\u{FFFD}" : scalar)
            }
        }
        return Array(String(shown).utf8)
    }

    /// Whether a character controls a terminal: control characters except line end and tab, marks that embed or
    /// override the writing direction, and line separators.
    static func controlsTerminal(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// Whether a byte may be part of such a character, or of `escape`.
    private static func isSuspicious(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != 0x0A && byte != 0x09 || byte == 0x7F || byte == 0xC2 || byte == 0xE2 || byte == 0xF4
    }
}
