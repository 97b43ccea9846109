import Testing

@Suite struct WidthRuleTests {
    @Test func noLineIsTooWide() throws {
        let files =
            try SourceTree.files(below: "Sources") + SourceTree.files(below: "Tests")
            + SourceTree.files(below: "Examples").filter { !$0.path.contains("/.build") }
        for finding in files.flatMap({ WidthRule.findings(in: $0) }) { Issue.record("\(finding)") }
    }

    private func lines(_ text: String, in path: String = "Sources/A.swift") -> [Int] {
        WidthRule.findings(in: SourceFile(path: path, text: text)).map(\.line)
    }

    private let wide = String(repeating: "é", count: 121)

    @Test func limits() {
        #expect(lines("let " + String(repeating: "é", count: 116)) == [])
        #expect(lines("\nlet " + String(repeating: "é", count: 117)) == [2])
        #expect(lines("// \(wide)") == [1])
    }

    @Test func literals() {
        #expect(lines("let a = \"\(wide)\"") == [1])
        #expect(lines("    \"\(wide)\"") == [1])
        #expect(lines("let a = \"\"\"\n    \(wide)\n    \"\"\"") == [])
        #expect(lines("let a = \"\(wide)\"", in: "Tests/ATests.swift") == [])
        #expect(lines("let \(wide)", in: "Tests/ATests.swift") == [1])
    }
}
