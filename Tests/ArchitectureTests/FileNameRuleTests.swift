import Testing

@Suite struct FileNameRuleTests {
    @Test func filesAreNamedAfterTheirType() throws {
        for finding in try SourceTree.files(below: "Sources").flatMap(FileNameRule.findings) {
            Issue.record("\(finding)")
        }
    }

    private func isFound(_ name: String, _ text: String) -> Bool {
        !FileNameRule.findings(in: SourceFile(path: "Sources/SentioKit/\(name)", text: text)).isEmpty
    }

    @Test func names() {
        #expect(!isFound("Value.swift", "public indirect enum Value: Sendable {}"))
        #expect(!isFound("Value+JSON.swift", "extension Value {}"))
        #expect(!isFound("Inner.swift", "extension Outer { struct Inner {} }"))
        #expect(!isFound("Inner.swift", "extension Outer.Inner {}"))
        #expect(!isFound("main.swift", "run()"))
        #expect(isFound("Utilities.swift", "func help() {}"))
        #expect(isFound("Value.swift", "// struct Value\nstruct Values {}"))
        #expect(isFound("Value+JSON.swift", "extension Other {}"))
    }
}
