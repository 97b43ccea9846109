import SentioKit
import SentioSpec
import Testing

@testable import SentioToys

/// Files made to hang or crash a reader get a sentence, at once.
@Suite struct SpecBombTests {
    let project: PipelineFolder
    let stage = "stages: { a: { uses: toy-constant } }\n"
    init() throws { project = try PipelineFolder() }

    @Test func paramsThatDoubleEachOther() {
        for (open, close) in [("\"", "\""), ("[\"", "\"]")] {
            let middle = open == "\"" ? "" : "\", \""
            var yaml = "params:\n  p60: x\n"
            for level in 0..<60 { yaml += "  p\(level): \(open)${p\(level + 1)}\(middle)${p\(level + 1)}\(close)\n" }
            let problems = project.problems(yaml + stage)
            #expect(problems.contains { $0.contains("expands the file to more than") }, "\(problems)")
            #expect(problems.count < 70)
        }
    }

    @Test func paramsThatNestEachOther() {
        var yaml = "params:\n  p5000: x\n"
        for level in (0..<5000).reversed() { yaml += "  p\(level): [\"${p\(level + 1)}\"]\n" }
        #expect(project.problems(yaml + stage).first?.contains("more than 100 levels deep") == true)
        yaml = "params:\n"
        for level in 0..<5000 { yaml += "  p\(level): \"${p\(level + 1)}\"\n" }
        #expect(project.problems(yaml + "  p5000: x\n" + stage).first?.contains("more than 100 levels deep") == true)
    }

    @Test func aLongLineOfAnchorsIsReadInOnePass() {
        let yaml = "x: [" + Array(repeating: "&a 1", count: 60_000).joined(separator: ",") + "]\n" + stage
        #expect(!project.problems(yaml).isEmpty)
    }

    @Test(arguments: ["[\n", "{a:\n", "- \n", "? \n", "- - - - \n", "a: [\r\n"])
    func deepNestingOverManyLines(unit: String) {
        #expect(!project.problems(String(repeating: unit, count: 50_000)).isEmpty)
    }

    @Test func deepNestingByIndentation() {
        let yaml = (0..<2_500).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        #expect(project.problems(yaml).count == 1)
    }

    @Test func aMatrixOfMillions() {
        let values = Array(repeating: "1", count: 9_000).joined(separator: ",")
        let yaml = "stages: { a: { uses: toy-constant, matrix: { x: [\(values)], y: [\(values)], z: [\(values)] } } }\n"
        #expect(project.problems(yaml).contains { $0.contains("more than 10,000 cells") })
    }

    @Test func aMatrixWithAValueTwice() {
        let yaml = "stages: { a: { uses: toy-constant, matrix: { x: [1, 1] }, with: { text: \"${matrix.x}\" } } }\n"
        #expect(
            project.problems(yaml).contains { $0.contains("`a@x=1` occurs twice") }, "\(project.problems(yaml))")
    }

    @Test func manyFaultsAreToldInSensibleTime() {
        let yaml =
            "stages:\n" + (0..<3_000).map { "  stage\($0): { uses: toy-sum, in: { numbers: stagf\($0) } }\n" }.joined()
        #expect(project.problems(yaml).count >= 100)
    }

    @Test func windowsLineEnds() {
        let rows = (0..<2_500).map { "  s\($0): { uses: toy-constant }\r\n" }.joined()
        #expect(project.problems("stages:\r\n" + rows).isEmpty)
        #expect(project.problems("description: |\n  " + String(repeating: "-", count: 200) + "\n" + stage).isEmpty)
        #expect(
            project.problems("seed: 1\r\nstages:\r\n  a: { uses: toy-constantt }\r\n") == [
                "p.yaml:3:14: error: Unknown kind `toy-constantt`. Did you mean `toy-constant`?\n    a: { uses: toy-constantt }\n               ^"
            ])
    }

    @Test func aByteOrderMarkIsSkipped() { #expect(project.problems("\u{FEFF}" + stage).isEmpty) }

    @Test func keysThatAreTheSameOnlyAfterReading() {
        #expect(project.problems("params: { 1: a, \"1\": b }\n" + stage).contains { $0.contains("occurs twice") })
        #expect(project.problems("stages: { a: { uses: toy-constant, with: { text: x, 'text': y } } }\n").count == 1)
    }

    @Test(arguments: ["1e400", "-1e400", "99999999999999999999", ".inf", ".nan", "0x7fffffffffffffffff"])
    func numbersThatAreTooLarge(number: String) {
        #expect(
            project.problems("seed: \(number)\n" + stage).contains {
                $0.contains("`seed` must be a whole number of at most 64 bits.")
            })
        let factor =
            "stages: { a: { uses: toy-scale, in: { numbers: b }, with: { factor: \(number) } }, b: { uses: toy-songs, with: { source: s } } }\n"
        #expect(project.problems(factor).contains { $0.contains("`factor` must be a whole number") })
    }

    @Test func anEscapedReferenceInAParamStaysText() throws {
        let yaml = "params: { x: \"\\\\${y}\" }\nstages: { a: { uses: toy-constant, with: { text: \"<${x}>\" } } }\n"
        #expect(try project.pipeline(yaml).graph["a"]?.configuration.values["text"] == "<${y}>")
    }

    @Test(arguments: [
        "a: 1\n---\nb: 2\n", "<<: {a: 1}\n", "&a : *a\n", "*a : 1\n", "? [a, b]\n: c\n", "stages: &s\n  a: *s\n",
        "stages: !!binary x\n",
        "%YAML 9.9\n---\nx: 1\n", "stages: \u{0}\n", "x: \"\\ud800\"\n", "stages: { <<: *x }\n",
        "stages: { a: { <<: { uses: x } } }\n",
    ])
    func oddDocumentsAreSentences(yaml: String) { #expect(!project.problems(yaml).isEmpty) }
}
