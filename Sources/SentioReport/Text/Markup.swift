/// Text for HTML and SVG. Names are untrusted input: all text reaches a page through here.
enum Markup {
    /// Escapes text for element content or a quoted attribute. Control characters, which XML forbids, become U+FFFD.
    static func escaped(_ text: String) -> String {
        var out = ""
        out.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            case "\n", "\t": out.unicodeScalars.append(scalar)
            default:
                let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                // Bidirectional overrides would reverse the rest of a line.
                let turns = (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
                let isNone = scalar.value & 0xFFFE == 0xFFFE
                out.unicodeScalars.append(isControl || turns || isNone ? "\u{FFFD}" : scalar)
            }
        }
        return out
    }

    /// An element of plain text, such as a paragraph.
    static func element(_ name: String, text: String) -> String { "<\(name)>\(escaped(text))</\(name)>" }

    /// With a capital first letter.
    static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
