/// Values as words of a shell command.
public enum ShellText {
    /// A scalar as one word, a list as one word per element; nil for mappings and nested lists.
    public static func quoted(_ value: Value) -> String? {
        switch value {
        case .map: return nil
        case .list(let values):
            let words = values.map { value in value.list == nil ? quoted(value) : nil }
            return words.contains { $0 == nil } ? nil : words.compactMap { $0 }.joined(separator: " ")
        case .null: return "''"
        default: return word(value.text)
        }
    }

    /// Unquoted if no shell gives any of its characters a meaning, otherwise in single quotes.
    private static func word(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "_-./:,+@%".utf8.contains(byte)
        }
        return isPlain && !text.isEmpty ? text : "'" + insideQuotes(text) + "'"
    }

    /// The text escaped for single quotes. Works on bytes as a shell does: to a shell, a quote with a combining accent
    /// is a quote.
    static func insideQuotes(_ text: String) -> String {
        var out: [UInt8] = []
        for byte in text.utf8 {
            if byte == UInt8(ascii: "'") { out += #"'\''"#.utf8 } else { out.append(byte) }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
