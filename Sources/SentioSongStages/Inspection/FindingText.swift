/// Sentences of the readers as clauses of findings, which have their place in front and their advice behind.
enum FindingText {
    /// Without the period at the end and, if it starts with an article, in lower case.
    static func clause(_ sentence: String) -> String {
        var text = sentence
        if text.last == "." { text.removeLast() }
        for article in ["The ", "A ", "An "] where text.hasPrefix(article) {
            text = text.prefix(1).lowercased() + text.dropFirst()
        }
        return text
    }
}
