/// A line of code holds at most 120 characters. Text inside a multi-line string literal (SQL, CSS, help) is data, and a
/// test may write a long literal as it is.
enum WidthRule {
    static let limit = 120

    static func findings(in file: SourceFile) -> [Finding] {
        guard file.isSwift, file.lines.contains(where: { $0.utf8.count > limit }) else { return [] }
        let source = SwiftText(file.text)
        let inTests = file.path.hasPrefix("Tests/")
        return zip(file.lines, source.stringLines).enumerated().compactMap { index, line in
            let (text, literal) = line
            guard text.count > limit else { return nil }
            let quoted = literal.drop { $0 == " " }
            if inTests ? !quoted.isEmpty : startsInLiteral(text, quoted) { return nil }
            return Finding(
                file: file.path, line: index + 1,
                sentence: "\(text.count) characters; the most is \(limit). Run swift format, or break the line.")
        }
    }

    /// Whether what the line begins with is the text of a literal that was opened on an earlier line.
    private static func startsInLiteral(_ text: Substring, _ quoted: Substring) -> Bool {
        guard let first = text.first(where: { $0 != " " }), first != "\"" else { return false }
        return quoted.first == first && !quoted.isEmpty
    }
}
