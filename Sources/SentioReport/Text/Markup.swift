/// Text for HTML and SVG. Names come from strangers' files: nothing reaches a page but through here.
enum Markup {
    /// Escaped for an element's content or a quoted attribute. Control characters, which XML forbids, become U+FFFD.
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
                // Bidirectional overrides would turn the rest of a line around.
                let turns = (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
                let isNone = scalar.value & 0xFFFE == 0xFFFE
                out.unicodeScalars.append(isControl || turns || isNone ? "\u{FFFD}" : scalar)
            }
        }
        return out
    }

    /// `<name a="b">content</name>`; attributes are escaped, content is markup already.
    static func element(_ name: String, _ attributes: [(String, String)] = [], _ content: String = "") -> String {
        let list = attributes.map { " \($0.0)=\"\(escaped($0.1))\"" }.joined()
        return "<\(name)\(list)>\(content)</\(name)>"
    }

    /// A table cell or a paragraph of plain text.
    static func element(_ name: String, text: String) -> String { "<\(name)>\(escaped(text))</\(name)>" }

    /// With its first letter large.
    static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
