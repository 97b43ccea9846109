import Testing

@Suite struct LengthRuleTests {
    @Test func noFileIsTooLong() throws {
        let files = try SourceTree.files(below: "Sources") + SourceTree.files(below: "Tests")
        for finding in files.flatMap({ LengthRule.findings(in: $0) }) { Issue.record("\(finding)") }
        let paths = Set(files.map(\.path))
        for path in LengthRule.reasons.keys where !paths.contains(path) { Issue.record("LengthRule.swift lists \(path), which is gone.") }
    }

    private func findings(_ count: Int, reasons: [String: String] = [:]) -> [Finding] {
        LengthRule.findings(in: SourceFile(path: "Sources/A.swift", text: String(repeating: "x\n", count: count)), reasons: reasons)
    }

    @Test func limits() {
        #expect(findings(400) == [])
        #expect(findings(401).map(\.line) == [401])
        #expect(findings(401, reasons: ["Sources/A.swift": "why"]) == [])
        #expect(findings(600, reasons: ["Sources/A.swift": "why"]) == [])
        #expect(findings(601, reasons: ["Sources/A.swift": "why"]).map(\.line) == [601])
        #expect(findings(10, reasons: ["Sources/A.swift": "why"]).count == 1)
    }
}
