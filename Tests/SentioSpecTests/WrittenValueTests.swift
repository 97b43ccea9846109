import SentioKit
import Testing

@testable import SentioSpec
@testable import SentioToys

/// What a value prints inside a text is what was written; what it is to the cache is its number.
@Suite struct WrittenValueTests {
    let project: PipelineFolder
    init() throws { project = try PipelineFolder() }

    private func text(_ value: String, sets: [String] = []) throws -> String? {
        let yaml = "params: { x: \(value) }\nstages: { s: { uses: toy-constant, with: { text: \"<${x}>\" } } }\n"
        return try project.pipeline(yaml, sets: sets).graph["s"]?.configuration.values["text"]?.string
    }

    @Test(arguments: [
        "007", "3.10", "1e3", "0x10", "1_000", "on", "+5", "1.0", "True", "-0", ".5", "12345678901234567890",
        "-99999999999999999999",
        "0o17",
    ])
    func aTextHoldsWhatTheFileSays(value: String) throws {
        #expect(try text(value) == "<\(value)>")
        #expect(try text("1", sets: ["x=\(value)"]) == "<\(value)>")
    }

    @Test func nullPrintsAsBefore() throws {
        #expect(try text("~") == "<null>")
        #expect(try text("'007'") == "<007>" && text("\"3.10\"") == "<3.10>")
    }

    @Test func aParamOfAParamStaysWhatWasWritten() throws {
        let yaml =
            "params: { a: 3.10, b: \"${a}\", l: [1.50] }\nstages: { s: { uses: toy-constant, with: { text: \"v${b} ${l.0}\" } } }\n"
        #expect(try project.pipeline(yaml).graph["s"]?.configuration.values["text"] == "v3.10 1.50")
    }

    @Test func toTheCacheItIsANumber() throws {
        func key(_ value: String) throws -> StageKey {
            let pipeline = try project.pipeline(
                "stages: { s: { uses: toy-measure, with: { factor: \(value) } } }\n")
            let node = try #require(pipeline.graph["s"])
            return Hashing.stageKey(
                KeyParts(
                    kind: node.kind, version: node.version, configuration: node.configuration.identity, inputs: [:],
                    sources: [:], seed: nil))
        }
        #expect(
            try key("1") == key("1.0") && key("1") == key("1e0")
                && key("1") == key("01"))
        #expect(try key("1") != key("2"))
    }

    /// `out: 1e3` is the file `1e3`, not `1000.0`.
    @Test func aTextParameterTakesANumberAsItIsWritten() throws {
        func out(_ value: String) throws -> Value? {
            try project.pipeline("stages: { s: { uses: toy-write, with: { out: \(value) } } }\n").graph["s"]?
                .configuration.values["out"]
        }
        #expect(try out("1e3") == "1e3" && out("007") == "007" && out("12") == "12")
        let list = "stages: { s: { uses: toy-tree, with: { names: [1.10, 2] } } }\n"
        #expect(try project.pipeline(list).graph["s"]?.configuration.values["names"] == ["1.10", "2"])
    }

    @Test func aWholeNumberBeyond64BitsIsNoOther() {
        let problems = project.problems(
            "stages: { s: { uses: toy-measure, with: { factor: 12345678901234567890 } } }\n")
        #expect(
            problems.first?.contains(
                "`factor` must be a number; here it is 12345678901234567890 (a whole number of more than 64 bits).")
                == true)
        #expect(
            project.problems("seed: 12345678901234567890\nstages: { s: { uses: toy-random } }\n").first?.contains(
                "of at most 64 bits")
                == true)
    }
}

/// Tags of YAML: those of the core schema count, all others are refused.
@Suite struct YAMLTagTests {
    let project: PipelineFolder
    init() throws { project = try PipelineFolder() }

    private func param(_ text: String) throws -> Value? {
        try project.pipeline("params: { x: \(text) }\nstages: { s: { uses: toy-random } }\n").params.first?.value
    }

    @Test func tagsOfTheCoreSchemaCount() throws {
        #expect(
            try param("!!str 007") == "007" && param("!!str 1.10") == "1.10" && param("!!str") == ""
                && param("! 5") == "5")
        #expect(
            try param("!!int \"7\"") == 7 && param("!!float 3") == 3.0 && param("!!bool \"true\"") == true
                && param("!!null ''") == .null)
        #expect(try param("!!seq [1]") == [1] && param("!!map {a: 1}") == ["a": 1])
        #expect(try project.pipeline("!!str stages: { s: { uses: !!str toy-random } }\n").graph.nodes.count == 1)
    }

    @Test(arguments: [
        ("!!int x", "p.yaml:2:9: error: `x` is not a whole number of at most 64 bits, as its tag `!!int` requires."),
        ("!!int 12345678901234567890", "p.yaml:2:9: error: `12345678901234567890` is not a whole number"),
        ("!!float x", "`x` is not a number, as its tag `!!float` requires."),
        ("!!bool on", "`on` is not a boolean (true or false), as its tag"),
        ("!!null x", "`x` is not a null value"),
        ("!custom 3", "p.yaml:2:9: error: Unknown tag `!custom`; only !!str, !!int"),
        ("!!python/object:os.system x", "Unknown tag `!!python/object:os.system`"),
        ("!!binary aGk=", "Unknown tag `!!binary`"),
        ("!!timestamp 2001-12-14", "Unknown tag `!!timestamp`"),
        ("!custom [1]", "Unknown tag `!custom`"), ("!!int [1]", "The tag `!!int` does not fit a list."),
        ("!!seq {a: 1}", "The tag `!!seq` does not fit a mapping."),
        ("{ !custom a: 1 }", "Unknown tag `!custom`"),
    ])
    func othersAreRefusedWithTheirPlace(text: String, sentence: String) {
        let problems = project.problems("params:\n    x:  \(text)\nstages: { s: { uses: toy-random } }\n")
        #expect(problems.count == 1 && problems[0].contains(sentence), "\(problems)")
    }

    @Test func theCommandLineKnowsThemToo() throws {
        let yaml = "params: { x: 1 }\nstages: { s: { uses: toy-constant, with: { text: \"<${x}>\" } } }\n"
        #expect(try project.pipeline(yaml, sets: ["x=!!str 007"]).params.first?.value == "007")
        #expect(
            project.problems(yaml, sets: ["x=!abc"]).first?.hasPrefix(
                "error: --set x=!abc: Unknown tag `!abc`") == true)
    }

    @Test func aByteOrderMarkAndWindowsLineEndsAreFine() throws {
        let yaml =
            "\u{FEFF}params: { x: 1 }\r\nstages:\r\n  s: { uses: toy-constant, with: { text: \"<${x}>\" } }\r\n  t: { uses: toy-constan }\r\n"
        #expect(
            project.problems(yaml).map { $0.split(separator: "\n")[0] } == [
                "p.yaml:4:14: error: Unknown kind `toy-constan`. Did you mean `toy-constant`?"
            ])
        #expect(
            project.problems("\u{FEFF}a:\n\tb: 1\n")[0].hasPrefix(
                "p.yaml:2:1: error: YAML cannot be indented with tabs"))
    }
}
