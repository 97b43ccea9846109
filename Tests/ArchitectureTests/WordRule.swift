/// What must not stand in `Sources`: notes for later, traps on a user's data, and promises the compiler cannot check.
enum WordRule {
    /// Where `@unchecked Sendable` is right: storage of numbers, and handles of C libraries.
    static let unchecked = ["Sources/SentioNumerics/", "Sources/SentioAudio/", "Sources/SentioNN/"]

    static func findings(in file: SourceFile) -> [Finding] {
        let text = SwiftText(file.text)
        var findings: [Finding] = []
        func add(_ index: Int, _ sentence: String) {
            findings.append(Finding(file: file.path, line: index + 1, sentence: sentence))
        }
        for (index, line) in text.commentLines.enumerated()
        where ["TODO", "FIXME", "XXX"].contains(where: { line.contains($0) }) {
            if let match = line.firstMatch(of: #/\b(TODO|FIXME|XXX)\b/#) {
                add(index, "`\(match.output.1)`: do it, or file an issue")
            }
        }
        for (index, line) in text.codeLines.enumerated()
        where file.isSwift && line.contains(where: { "!@(".contains($0) }) {
            if line.contains(#/\bfatalError\s*\(/#) {
                add(index, "`fatalError`: throw an error, or `precondition` with a sentence")
            }
            if line.contains(#/\btry!/#) { add(index, "`try!`: throw the error on") }
            if line.contains(#/\bas!/#) { add(index, "`as!`: use `as?` and say what is wrong") }
            if line.contains(#/@unchecked\s+Sendable/#), !unchecked.contains(where: { file.path.hasPrefix($0) }) {
                add(index, "`@unchecked Sendable` outside Numerics storage and C handles")
            }
        }
        return findings
    }
}
