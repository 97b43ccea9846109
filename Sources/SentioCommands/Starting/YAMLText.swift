import SentioBase
import SentioKit

/// Values as a person would write them in a pipeline file, on one line.
enum YAMLText {
    /// Text without quotes where YAML reads it as the same text; lists in brackets, mappings in braces.
    static func of(_ value: Value) -> String {
        switch value {
        case .string(let text): isPlain(text) ? text : JSON.text(value)
        case .double(let number) where number.isFinite: NumberText.short(number)
        case .list(let values): "[" + values.map(of).joined(separator: ", ") + "]"
        case .map(let entries):
            "{ "
                + entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
                .map { "\(of(.string($0.key))): \(of($0.value))" }.joined(separator: ", ") + " }"
        default: JSON.text(value)
        }
    }

    /// Words that YAML 1.1 or 1.2 takes for something else than text.
    private static let words: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]

    private static func isPlain(_ text: String) -> Bool {
        // A path may begin with dots and slashes.
        guard let first = text.first(where: { $0 != "." && $0 != "/" }), first.isLetter,
            first == text.first || text.hasPrefix("/") || text.hasPrefix("./") || text.hasPrefix("../")
        else { return false }
        return text.last != " " && !words.contains(text.lowercased())
            && text.allSatisfy { $0.isLetter || $0.isNumber || "_- ./".contains($0) }
    }
}
