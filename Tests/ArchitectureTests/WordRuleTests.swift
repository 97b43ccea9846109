import Testing

@Suite struct WordRuleTests {
    @Test func sourcesHoldNoForbiddenWord() throws {
        for finding in try SourceTree.files(below: "Sources").flatMap(WordRule.findings) { Issue.record("\(finding)") }
    }

    private func findings(_ text: String, path: String = "Sources/SentioKit/A.swift") -> [Finding] {
        WordRule.findings(in: SourceFile(path: path, text: text))
    }

    @Test(arguments: [
        "// TODO: later", "/// FIXME", "/* XXX */", "fatalError(\"no\")", "fatalError (\"no\")", "let x = try! f()",
        "let x = y as! Int",
        "final class A: @unchecked Sendable {}", "let x = \"\\(try! f())\"",
    ])
    func isFound(_ line: String) {
        #expect(findings("let a = 1\n\(line)\n").map(\.line) == [2])
    }

    @Test(arguments: [
        "// a mastodon", "let template = \"/folder/fileXXXXXX\"", "let text = \"try! as! fatalError( TODO\"",
        "let x = try? f()",
        "let x = y as? Int",
        "// one must not use try! here", "let x = #\"a \"quoted\" TODO\"#",
    ])
    func isNotFound(_ line: String) { #expect(findings(line) == []) }

    @Test func uncheckedSendableIsForNumbersAndHandles() {
        let line = "final class A: @unchecked Sendable {}"
        #expect(findings(line, path: "Sources/SentioNumerics/A.swift") == [])
        #expect(findings(line, path: "Sources/SentioEngine/A.swift").count == 1)
    }
}
