import SentioKit

/// Values as words of a shell.
enum ShellText {
    /// A single value as one word, a list as one word each; nil for a mapping and for lists in lists.
    static func quoted(_ value: Value) -> String? {
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
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || "_-./:,+@%".utf8.contains(byte)
        }
        if isPlain, !text.isEmpty { return text }
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
