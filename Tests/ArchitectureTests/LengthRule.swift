/// A file holds one idea: 400 lines need a reason that stands here, 600 are never right.
enum LengthRule {
    static let limit = 600
    static let reviewed = 400

    /// Path of a file over 400 lines, and why it is not two.
    static let reasons: [String: String] = [:]

    static func findings(in file: SourceFile, reasons: [String: String] = reasons) -> [Finding] {
        let count = file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
        if count > limit {
            return [Finding(file: file.path, line: limit + 1, sentence: "\(count) lines; the most is \(limit). Split it by idea.")]
        }
        if count > reviewed, reasons[file.path] == nil {
            return [
                Finding(
                    file: file.path, line: reviewed + 1,
                    sentence: "\(count) lines. Split it, or give the reason in Tests/ArchitectureTests/LengthRule.swift.")
            ]
        }
        if count <= reviewed, reasons[file.path] != nil {
            return [
                Finding(file: file.path, line: 1, sentence: "no longer over \(reviewed) lines: take it off the list in LengthRule.swift")
            ]
        }
        return []
    }
}
