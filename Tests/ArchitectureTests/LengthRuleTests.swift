import Testing

@Suite struct LengthRuleTests {
    @Test func noFileIsTooLong() throws {
        let files = try SourceTree.files(below: "Sources") + SourceTree.files(below: "Tests")
        for finding in files.flatMap({ LengthRule.findings(in: $0) }) { Issue.record("\(finding)") }
    }

    private func findings(_ count: Int) -> [Finding] {
        LengthRule.findings(in: SourceFile(path: "Sources/A.swift", text: String(repeating: "x\n", count: count)))
    }

    @Test func limits() {
        #expect(findings(400) == [])
        #expect(findings(401).map(\.line) == [401])
    }
}
