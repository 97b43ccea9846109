/// A file holds one idea: more than 400 lines are two.
enum LengthRule {
    static let limit = 400

    static func findings(in file: SourceFile) -> [Finding] {
        let count = file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
        guard count > limit else { return [] }
        return [
            Finding(
                file: file.path, line: limit + 1, sentence: "\(count) lines; the most is \(limit). Split it by idea.")
        ]
    }
}
