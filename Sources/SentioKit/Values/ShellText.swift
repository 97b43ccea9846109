/// Values as words of a shell.
public enum ShellText {
    /// A single value as one word, a list as one word each; nil for a mapping and for lists in lists.
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

    /// Bare where no shell would see more in it than the characters, else in single quotes.
    private static func word(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "_-./:,+@%".utf8.contains(byte)
        }
        return isPlain && !text.isEmpty ? text : "'" + insideQuotes(text) + "'"
    }

    /// What stands for a text between single quotes. A shell reads bytes: to it a quote with an accent over it is a
    /// quote.
    static func insideQuotes(_ text: String) -> String {
        var out: [UInt8] = []
        for byte in text.utf8 {
            if byte == UInt8(ascii: "'") { out += #"'\''"#.utf8 } else { out.append(byte) }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
