import Testing

@Suite struct DocCommentRuleTests {
    @Test func everyPublicDeclarationIsDescribed() throws {
        for finding in try SourceTree.files(below: "Sources").flatMap({ DocCommentRule.findings(in: $0) }) {
            Issue.record("\(finding)")
        }
    }

    private func lines(_ text: String, module: String = "SentioKit") -> [Int] {
        DocCommentRule.findings(in: SourceFile(path: "Sources/\(module)/A.swift", text: text)).map(\.line)
    }

    @Test(arguments: [
        "public struct A {}", "public static func a() {}", "public private(set) var a = 1",
        "@inlinable public init(a: Int) {}", "@available(*, noasync)\npublic func a() {}", "// a\npublic let a = 1",
    ])
    func undescribed(_ text: String) {
        #expect(lines(text) == [text.split(separator: "\n").count])
    }

    @Test(arguments: [
        "/// A.\npublic struct A {}", "/// A.\n@inlinable\npublic func a() {}", "struct A {}",
        "let text = \"public var a\"",
        "public import SentioKit", "public extension A {}", "public var description: String { \"\" }",
        "public static func == (a: A, b: A) -> Bool { true }",
    ])
    func fine(_ text: String) {
        #expect(lines(text) == [])
    }

    @Test func whatAStageKindMustHaveIsDescribedByItsProtocol() {
        #expect(lines("public static let kind = \"a\"", module: "SentioStages") == [])
        #expect(lines("public static let kind = \"a\"") == [1])
    }
}
