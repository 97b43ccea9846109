import Foundation
import SentioKit
import Testing

@testable import SentioSpec
@testable import SentioToys

/// All that is wrong with a file is told in one round, in the order of its lines, and each thing once.
@Suite struct AllFaultsTests {
    let project: PipelineFolder
    init() throws { project = try PipelineFolder() }

    private func places(_ yaml: String) -> [String] {
        project.problems(yaml).map {
            String($0.split(separator: "\n")[0]).replacing("p.yaml:", with: "").replacing(" error:", with: "")
        }
    }

    @Test func manyKindsOfFaultAreOneRound() {
        let yaml = """
            sed: 3
            params: { x: !custom 1, y: "${z}", x2: 1, x2: 2 }
            stages:
              songs: { uses: toy-songs, with: { source: songs } }
              a: { uses: toy-scale, in: { numbers: c.numbers }, with: { factor: many } }
              b: { uses: toy-scale, in: { numbers: a.numbers } }
              c: { uses: toy-scale, in: { numbers: b.numbers } }
              d: { uses: toy-scal, in: { numbers: songs.numbers } }
              e: { uses: toy-sum, in: { numbers: d.numbers } }
              f: { uses: toy-sum, in: { numbers: sons.numbers } }
              g: { uses: toy-write, with: { out: same.txt } }
              h: { uses: toy-write, with: { out: same.txt } }
              i j: { uses: toy-random }
              k: { uses: toy-measure, with: { factor: "${x}", other: "${y}", fctor: 1 } }
            expect: ["nothing.total > 1", "e.total > 1", "d.total > ${y}"]
            """
        #expect(
            places(yaml) == [
                "1:1: Unknown key `sed`. Did you mean `seed`?",
                "2:14: Unknown tag `!custom`; only !!str, !!int, !!float, !!bool, !!null, !!seq and !!map are supported. Remove it, or put text that begins with `!` in quotes.",
                "2:28: There is no param `z`. Did you mean `${x}`?",
                "2:36: The key `x2` occurs twice in this mapping; remove one of them.",
                "5:3: The stages depend on each other in a cycle: a -> b -> c -> a.",
                "5:69: Stage `a` (toy-scale): `factor` must be a whole number; here it is many (text).",
                "8:14: Unknown kind `toy-scal`. Did you mean `toy-scale`?",
                "10:38: Stage `f`: `in.numbers` refers to `sons.numbers`, but there is no such stage. Did you mean `songs`?",
                "12:3: `same.txt` is an output of both g and h.",
                "13:3: `i j` is not a valid stage name: use only ASCII letters, digits, `_` and `-`, at most 200 in all.",
                "14:66: Stage `k` (toy-measure): Unknown parameter `fctor`. Did you mean `factor`?",
            ] + places(yaml).filter { $0.hasPrefix("15:") })
        #expect(places(yaml).count { $0.hasPrefix("15:") } == 1, "only the expectation about `nothing`")
    }

    @Test func whatDependsOnABrokenStageIsNotReported() {
        let yaml = """
            stages:
              a: 5
              b: { uses: toy-sum, in: { numbers: a.numbers } }
              c: { uses: toy-scale, in: { numbers: "${nothing}" }, with: { factor: "${nothing}" } }
              d: { uses: "${nothing}", in: { numbers: c.numbers } }
              m: { uses: toy-random, matrix: { x: 3 } }
              n: { uses: toy-sum, in: { numbers: m } }
            expect: ["b.total > ${nothing}"]
            """
        #expect(places(yaml).map { $0.prefix { $0 != ":" } } == ["2", "4", "4", "5", "6", "8"], "\(places(yaml))")
    }

    @Test func twoKeysOfOneNameDoNotHideTheRest() {
        let yaml =
            "stages:\n  a: { uses: toy-random, uses: toy-sum }\n  b: { uses: toy-rando }\n  a: { uses: toy-constant }\n  'é': { uses: toy-random }\n"
        #expect(
            places(yaml) == [
                "2:3: The key `a` occurs twice in this mapping; remove one of them.",
                "2:8: The key `uses` occurs twice in this mapping; remove one of them.",
                "3:14: Unknown kind `toy-rando`. Did you mean `toy-random`?",
                "5:3: `é` is not a valid stage name: use only ASCII letters, digits, `_` and `-`, at most 200 in all.",
            ])
    }

    @Test func everyCircleIsNamedOnce() {
        let stages = ["a: b", "b: a", "c: d", "d: c", "e: e"].map { pair in
            "  \(pair.prefix(1)): { uses: toy-scale, in: { numbers: \(pair.suffix(1)) } }\n"
        }
        #expect(
            places("stages:\n" + stages.joined()).map { $0.suffix(12) } == [
                "a -> b -> a.", "c -> d -> c.", "cle: e -> e.",
            ])
    }

    /// Seconds, not minutes: nothing may look at all stages for each of them.
    @Test func manyWrongReferences() {
        let count = 20_000
        let stages = (0..<count).map { "  stage\($0): { uses: toy-sum, in: { numbers: missing\($0) } }\n" }.joined()
        let problems = project.problems("stages:\n" + stages)
        #expect(problems.count == count)
        let text = PipelineErrors((0..<count).map { Diagnostic("problem \($0)") }).description
        #expect(text.split(separator: "\n").count == 51 && text.hasSuffix("and 19950 more problems"))
    }

    @Test func tenThousandParamsAndStages() throws {
        let count = 10_000
        let params = (0..<count).map { "  p\($0): \($0)\n" }.joined()
        let stages = (0..<count).map { number in
            number == 0
                ? "  s0: { uses: toy-songs, with: { source: songs } }\n"
                : "  s\(number): { uses: toy-scale, in: { numbers: s\(number - 1).numbers }, with: { factor: \"${p\(number)}\" } }\n"
        }
        let sets = (count - 1000..<count).map { "p\($0)=\($0 + 1)" }
        let pipeline = try project.pipeline("params:\n\(params)stages:\n\(stages.joined())", sets: sets)
        #expect(pipeline.graph["s9999"]?.configuration.values["factor"] == 10_000)
    }
}
