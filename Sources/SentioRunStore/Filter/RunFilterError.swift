/// Why a filter or an order could not be read; `description` shows the place.
public struct RunFilterError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The whole text as the user wrote it.
    public let text: String
    /// Characters before the place.
    public let offset: Int
    /// Characters that are meant, at least one.
    public let length: Int
    public let sentence: String

    /// The sentence, the text, and a caret under the place.
    public var description: String {
        // One line, so that the caret stands where it should; a long text is shown around the place.
        let characters = text.map { $0.isNewline || $0 == "\t" ? " " : $0 }
        let start = max(0, min(offset, characters.count) - 60), end = min(characters.count, offset + 60)
        let shown =
            (start > 0 ? "…" : "") + String(characters[start..<max(start, end)]) + (end < characters.count ? "…" : "")
        let before = offset - start + (start > 0 ? 1 : 0)
        let carets = String(repeating: "^", count: max(1, min(length, 60)))
        return "\(sentence)\n  \(shown)\n  \(String(repeating: " ", count: max(0, before)))\(carets)"
    }
}
