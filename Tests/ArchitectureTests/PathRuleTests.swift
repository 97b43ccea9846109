import Testing

@Suite struct PathRuleTests {
    @Test func noFileNeedsThisMachine() throws {
        let files = try SourceTree.files(below: "Sources") + SourceTree.files(below: "Tests")
        for finding in files.filter({ $0.module != "ArchitectureTests" }).flatMap(PathRule.findings) {
            Issue.record("\(finding)")
        }
    }

    private func count(_ line: String) -> Int {
        PathRule.findings(in: SourceFile(path: "Sources/A/A.swift", text: line)).count
    }

    @Test(arguments: [
        "let a = \"/home/somebody/data\"", "let a = \"/tmp\"", "let a = \"/tmp/x\"", "let a = \"/work/main\"",
        "let a = \"../shared/data\"",
        "let a = root + \"/shared/golden\"",
    ])
    func isFound(_ line: String) { #expect(count(line) == 1) }

    @Test(arguments: [
        "let a = \"\\(root)/tmp/x\"", "let a = path + \"/tmp\"", "let a = \"artifacts/tmp\"", "// see /home/somebody",
        "let a = \"/proc/self/stat\"",
        "let a = \"a shared/common thing\"",
    ])
    func isNotFound(_ line: String) { #expect(count(line) == 0) }
}
