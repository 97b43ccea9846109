import Foundation
import Testing

@Suite struct FolderRuleTests {
    @Test func foldersDoNotUseEachOtherInCircles() throws {
        let files = try SourceTree.files(below: "Sources").filter(\.isSwift)
        for module in Set(files.map(\.module)) {
            for finding in FolderRule.findings(in: files.filter { $0.module == module }) { Issue.record("\(finding)") }
        }
    }

    private func file(_ path: String, _ text: String) -> SourceFile {
        SourceFile(path: "Sources/M/" + path, text: text)
    }

    @Test func aCircleOfTwoIsFoundAndNamed() {
        let findings = FolderRule.findings(in: [
            file("A/Low.swift", "struct Low { let high: High }\n"),
            file("B/High.swift", "public final class High { var low: Low? }\n"),
        ])
        #expect(
            findings.map(\.sentence) == ["A uses B (High), in a circle of A, B", "B uses A (Low), in a circle of A, B"])
        #expect(findings.map(\.file) == ["Sources/M/A/Low.swift", "Sources/M/B/High.swift"])
    }

    @Test func aCircleOfThreeIsFoundAndOneThroughTheModulesOwnFolder() {
        let ring = [
            file("A/One.swift", "enum One { case a(Two) }\n"),
            file("B/Two.swift", "protocol Two { var x: Three { get } }\n"),
            file("C/Three.swift", "actor Three { func one() -> One? { nil } }\n"),
        ]
        #expect(FolderRule.findings(in: ring).count == 3)
        let root = [
            file("Root.swift", "struct Root { let part: Part }\n"),
            file("A/Part.swift", "struct Part { let root: [Root] }\n"),
        ]
        #expect(FolderRule.findings(in: root).count == 2)
    }

    @Test func whatIsNoUseIsNoArrow() {
        let files = [
            file(
                "A/Low.swift",
                "/// Below `High`.\nstruct Low { let text = \"High\"  // High\n    private struct Stage {}\n    let stage: Stage }\n"
            ),
            file("B/High.swift", "struct High { let low: Low }\nstruct Stage {}\n"),
        ]
        #expect(FolderRule.findings(in: files) == [])
    }
}
