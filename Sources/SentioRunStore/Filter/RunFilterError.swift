/// A syntax error in a filter, a sort order or a column name; `description` shows the position.
public struct RunFilterError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The complete text as the user wrote it.
    public let text: String
    /// Number of characters before the error.
    public let offset: Int
    /// Number of characters that the error covers, at least one.
    public let length: Int
    /// The message, one sentence.
    public let sentence: String

    /// The message, the text, and a caret under the error.
    public var description: String {
        // Shown on one line so that the caret lines up; long text is shown around the error.
        let characters = text.map { $0.isNewline || $0 == "\t" ? " " : $0 }
        let start = max(0, min(offset, characters.count) - 60), end = min(characters.count, offset + 60)
        let shown =
            (start > 0 ? "…" : "") + String(characters[start..<max(start, end)]) + (end < characters.count ? "…" : "")
        let before = offset - start + (start > 0 ? 1 : 0)
        let carets = String(repeating: "^", count: max(1, min(length, 60)))
        return "\(sentence)\n  \(shown)\n  \(String(repeating: " ", count: max(0, before)))\(carets)"
    }
}
