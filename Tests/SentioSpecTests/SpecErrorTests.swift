import SentioSpec
import Testing

@testable import SentioToys

/// Everything a user's YAML can do wrong gets a sentence with its place. Whole messages are compared.
@Suite struct SpecErrorTests {
    let project: PipelineFolder
    init() throws { project = try PipelineFolder() }

    @Test func aTab() {
        #expect(
            project.problems("stages:\n\tsum: { uses: toy-sum }\n") == [
                "p.yaml:2:1: error: YAML cannot be indented with tabs; use spaces.\n  \tsum: { uses: toy-sum }\n  ^"
            ])
    }

    @Test func unknownNamesAllTogetherWithSuggestions() {
        let yaml = """
            seeds: 3
            stages:
              songs: { uses: toy-songs, with: { source: songs } }
              a: { uses: toy-scal, in: { numbers: songs.numbers } }
              b: { uses: toy-scale, in: { number: songs.numbers }, with: { facto: 3 } }
              c: { uses: toy-sum, in: { numbers: song } }
              d: { uses: toy-sum, inn: { numbers: songs.numbers } }
            """
        #expect(
            project.problems(yaml) == [
                "p.yaml:1:1: error: Unknown key `seeds`. Did you mean `seed`?\n  seeds: 3\n  ^",
                "p.yaml:4:14: error: Unknown kind `toy-scal`. Did you mean `toy-scale`?\n    a: { uses: toy-scal, in: { numbers: songs.numbers } }\n               ^",
                "p.yaml:5:31: error: Stage `b`: toy-scale has no input `number`. Did you mean `numbers`? Its only input is numbers.\n    b: { uses: toy-scale, in: { number: songs.numbers }, with: { facto: 3 } }\n                                ^",
                "p.yaml:5:64: error: Stage `b` (toy-scale): Unknown parameter `facto`. Did you mean `factor`?\n    b: { uses: toy-scale, in: { number: songs.numbers }, with: { facto: 3 } }\n                                                                 ^",
                "p.yaml:6:38: error: Stage `c`: `in.numbers` refers to `song`, but there is no such stage. Did you mean `songs`?\n    c: { uses: toy-sum, in: { numbers: song } }\n                                       ^",
                "p.yaml:7:3: error: Stage `d`: the input `numbers` (numbers) of toy-sum is not connected; add `in: { numbers: STAGE }`.\n    d: { uses: toy-sum, inn: { numbers: songs.numbers } }\n    ^",
                "p.yaml:7:23: error: Unknown key `inn`. Did you mean `in`?\n    d: { uses: toy-sum, inn: { numbers: songs.numbers } }\n                        ^",
            ])
    }

    /// A single value is taken for a list of one, so the sentence must not ask for a list.
    @Test func whatAListTakesIsSaidInWords() {
        let yaml = """
            stages:
              songs: { uses: toy-songs, with: { source: songs } }
              fit: { uses: toy-fit, in: { numbers: songs.numbers }, with: { train: { a: 1 } } }
            """
        #expect(
            project.problems(yaml).map { $0.split(separator: "\n")[0] } == [
                "p.yaml:3:72: error: Stage `fit` (toy-fit): `train` must be text, or a list of such values; here it is {\"a\":1} (mapping)."
            ])
    }

    @Test func unknownAndUnconnectedPorts() {
        let yaml =
            "stages:\n  songs: { uses: toy-songs, with: { source: songs } }\n  b: { uses: toy-scale, in: { number: songs.numbers } }\n"
        #expect(
            project.problems(yaml).map { $0.split(separator: "\n")[0] } == [
                "p.yaml:3:31: error: Stage `b`: toy-scale has no input `number`. Did you mean `numbers`? Its only input is numbers."
            ])
    }

    @Test func aWrongTypeIsRefusedBeforeAnythingRuns() {
        let yaml = """
            stages:
              songs: { uses: toy-songs, with: { source: songs } }
              fit: { uses: toy-fit, in: { numbers: songs.labels }, with: { train: [a] } }
              score: { uses: toy-score, in: { predictions: songs }, with: { test: [a] } }
            """
        #expect(
            project.problems(yaml).map { $0.split(separator: "\n")[0] } == [
                "p.yaml:3:40: error: Stage `fit`: the input `numbers` takes numbers, but songs.labels has type labels.",
                "p.yaml:4:48: error: Stage `score`: the input `predictions` takes predictions, but songs has only songs.numbers (numbers), songs.labels (labels).",
            ])
    }

    @Test func aCycleIsNamedInOrder() {
        let yaml = """
            stages:
              a: { uses: toy-scale, in: { numbers: c } }
              b: { uses: toy-scale, in: { numbers: a } }
              c: { uses: toy-scale, in: { numbers: b } }
            """
        #expect(
            project.problems(yaml) == [
                "p.yaml:2:3: error: The stages depend on each other in a cycle: a -> b -> c -> a.\n    a: { uses: toy-scale, in: { numbers: c } }\n    ^"
            ])
        #expect(project.problems("stages:\n  a: { uses: toy-scale, in: { numbers: a } }\n").count == 1)
    }

    @Test func anAliasBomb() {
        var yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            yaml +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
        }
        let problems = project.problems(yaml + "stages: {}\n")
        #expect(problems.count == 1)
        #expect(problems.first?.contains("more than 32 aliases") == true, "\(problems)")
    }

    @Test func anAliasBombWithFewAliases() {
        var yaml = "a0: &a0 [\(Array(repeating: "x", count: 3000).joined(separator: ","))]\n"
        for level in 1...5 {
            yaml +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 5).joined(separator: ", ") + "]\n"
        }
        #expect(project.problems(yaml).first?.contains("alias bomb") == true)
    }

    @Test(arguments: ["- ", "? ", "[", "{a: "])
    func deepNestingIsASentence(unit: String) {
        let problems = project.problems("stages: " + String(repeating: unit, count: 50_000))
        #expect(problems.count == 1)
        #expect(project.problems("stages:\n  " + String(repeating: unit, count: 50_000)).count == 1)
    }

    @Test(arguments: [
        ("", "p.yaml is empty; a pipeline file needs at least `stages:`."),
        ("just text", "A pipeline file must be a mapping with the key `stages:`."),
        ("pipeline: x\n", "A pipeline needs `stages:`, which maps names to stages:"),
        ("stages: { a: 3 }\n", "The stage `a` must be a mapping: `a: { uses: KIND }`."),
        ("stages: { a: { with: {} } }\n", "The stage `a` has no kind; add `uses: KIND`."),
        (
            "stages: { a: { uses: toy-constant, uses: toy-sum } }\n",
            "The key `uses` occurs twice in this mapping; remove one of them."
        ),
        (
            "stages: { \"a/b\": { uses: toy-constant } }\n",
            "`a/b` is not a valid stage name: use only ASCII letters, digits, `_` and `-`, at most 200 in all."
        ),
        ("stages: { a: { uses: toy-constant, with: { text: \"${nope}\" } } }\n", "There is no param `nope`."),
        (
            "params: { x: \"${y}\", y: \"${x}\" }\nstages: { a: { uses: toy-constant } }\n",
            "Params refer to each other in a cycle: x -> y -> x."
        ),
        (
            "stages: { a: { uses: toy-constant, with: { text: \"${x\" } } }\n",
            "`${` has no closing `}`. For a literal `${`, write `\\${`."
        ),
        ("seed: blue\nstages: { a: { uses: toy-constant } }\n", "`seed` must be a whole number of at most 64 bits."),
        ("stages: { a: { uses: toy-constant, on_error: ignore } }\n", "`on_error` must be `fail` or `skip`."),
        (
            "stages: { a: { uses: toy-constant } }\nexpect: [\"b.x >= 1\"]\n",
            "`b.x` does not start with a stage of this pipeline. Did you mean `a`?"
        ),
        (
            "stages: { a: { uses: toy-constant } }\nexpect: [a is good]\n",
            "Write `stage.metric >= number`, with spaces around one comparison (>= <= == != > <). Either side may be a number"
        ),
        (
            "stages: { a: { uses: toy-write, with: { out: x } }, b: { uses: toy-write, with: { out: ./x } } }\n",
            "`x` is an output of both a and b."
        ),
    ])
    func sentences(yaml: String, sentence: String) {
        let problems = project.problems(yaml)
        #expect(problems.count >= 1)
        #expect(problems.contains { $0.contains(sentence) }, "\(problems)")
    }

    @Test func brokenYAMLNamesItsPlace() {
        #expect(project.problems("stages: { a: [ }\n").first?.hasPrefix("p.yaml:1:16: error: Invalid YAML: ") == true)
    }

    @Test func filesThatAreNotPipelines() throws {
        try project.write("x", to: "p.yaml")
        #expect(project.problems("\u{0}\u{1}\u{2}").count == 1)
        #expect(throws: (any Error).self) { try PipelineFolder().pipeline("stages: {}") }
    }
}
