import Foundation
import SentioSpec
import Testing

@testable import SentioToys

/// What can be wrong with a group is said once, with the place in the file, however many copies there are.
@Suite struct GroupErrorTests {
    let project: PipelineFolder
    init() throws { project = try PipelineFolder() }

    private func problems(_ group: String, _ rest: String = "") -> [String] {
        let yaml =
            "stages:\n  songs: { uses: toy-songs, with: { source: songs } }\n  g: { uses: toy-copies, \(group) }\n\(rest)"
        return project.problems(yaml).map { String($0.split(separator: "\n")[0]) }
    }
    private let sum = "total: { uses: toy-sum, in: { numbers: part } }"

    @Test func aSoundGroupHasNone() {
        #expect(problems("in: { numbers: songs.numbers }, stages: { \(sum) }") == [])
    }

    @Test(arguments: [
        (
            "in: { numbers: songs.numbers }, with: { copis: 3 }, stages: { total: { uses: toy-sum, in: { numbers: part } } }",
            ["p.yaml:3:66: error: Stage `g` (toy-copies): Unknown parameter `copis`. Did you mean `copies`?"]
        ),
        (
            "in: { number: songs.numbers }, stages: { total: { uses: toy-sum, in: { numbers: part } } }",
            [
                "p.yaml:3:3: error: Stage `g`: the input `numbers` (numbers) of toy-copies is not connected; add `in: { numbers: STAGE }`.",
                "p.yaml:3:32: error: Stage `g`: toy-copies has no input `number`. Did you mean `numbers`? Its only input is numbers.",
            ]
        ),
        (
            "in: { numbers: songs.labels }, stages: { total: { uses: toy-sum, in: { numbers: part } } }",
            ["p.yaml:3:41: error: Stage `g`: the input `numbers` takes numbers, but songs.labels has type labels."]
        ),
        (
            "in: { numbers: songs.numbers }, stages: { total: { uses: toy-sum, in: { numbers: prt } } }",
            ["p.yaml:3:107: error: Stage `g.total`: `in.numbers` refers to `prt`, but there is no such stage."]
        ),
        (
            "in: { numbers: songs.numbers }, stages: { total: { uses: toy-sum, in: { numbers: part }, with: { x: 1 } } }",
            ["p.yaml:3:123: error: Stage `g.total` (toy-sum): Unknown parameter `x`: this kind takes none."]
        ),
        (
            "in: { numbers: songs.numbers }, stages: { total: { uses: toy-sun, in: { numbers: part } } }",
            ["p.yaml:3:83: error: Unknown kind `toy-sun`. Did you mean `toy-sum`?"]
        ),
        (
            "in: { numbers: songs.numbers }, stages: { part: { uses: toy-sum, in: { numbers: part } } }",
            [
                "p.yaml:3:68: error: A member of toy-copies cannot be called `part`: the group uses this name for what it provides to its members. Choose another name."
            ]
        ),
        (
            "in: { numbers: songs.numbers }, stages: { parts: { uses: toy-sum, in: { numbers: part } } }",
            [
                "p.yaml:3:68: error: A member of toy-copies cannot be called `parts`: the group uses this name for a stage of its own. Choose another name."
            ]
        ),
        (
            "in: { numbers: songs.numbers }, stages: { a.b: { uses: toy-sum, in: { numbers: part } } }",
            [
                "p.yaml:3:68: error: `a.b` is not a valid stage name: use only ASCII letters, digits, `_` and `-`, at most 200 in all."
            ]
        ),
        (
            "in: { numbers: songs.numbers }",
            ["p.yaml:3:3: error: The group `g` has no members; add `stages:`, which maps their names to stages."]
        ),
        (
            "in: { numbers: songs.numbers }, stages: {}",
            ["p.yaml:3:66: error: The group `g` has no members; add `stages:`, which maps their names to stages."]
        ),
        (
            "in: { numbers: songs.numbers }, stages: { a: { uses: toy-scale, in: { numbers: part } } }",
            ["p.yaml:3:3: error: Group `g` (toy-copies): nothing to add up."]
        ),
        (
            "in: { numbers: songs.numbers }, copies: 3, on_error: skip, stage: 1, stages: { total: { uses: toy-sum, in: { numbers: part } } }",
            [
                "p.yaml:3:58: error: `copies` is a parameter of toy-copies; write it under `with:`.",
                "p.yaml:3:69: error: A group cannot have `on_error`; set it for its members.",
                "p.yaml:3:85: error: Unknown key `stage`. Did you mean `stages`?",
            ]
        ),
        (
            "in: { numbers: songs.numbers }, stages: { total: { uses: toy-sum, in: { numbers: part }, stages: {} } }",
            ["p.yaml:3:115: error: Only a group (toy-copies) can have `stages`; toy-sum is a single stage."]
        ),
    ])
    func sentences(group: String, expected: [String]) { #expect(problems(group) == expected) }

    @Test func fromOutsideOnlyWhatIsCollectedHasAName() {
        let group =
            "in: { numbers: songs.numbers }, stages: { total: { uses: toy-sum, in: { numbers: part } }, d: { uses: toy-scale, in: { numbers: part } } }"
        #expect(problems(group, "  o: { uses: toy-add, in: { a: g.total, b: g.total.total, c: g } }\n") == [])
        #expect(
            problems(group, "  o: { uses: toy-sum, in: { numbers: g.d } }\n") == [
                "p.yaml:4:38: error: Stage `o`: g (toy-add) has no output `d`; its outputs are total. `d` is a member of the group `g`, which does not collect its outputs. From outside, use g.total, g, or one copy, `g.d@copy=0`."
            ])
        #expect(problems(group, "  o: { uses: toy-sum, in: { numbers: g.d@copy=1 } }\n") == [])
        #expect(
            problems(group, "  o: { uses: toy-add, in: { a: g.totl } }\n") == [
                "p.yaml:4:32: error: Stage `o`: g (toy-add) has no output `totl`; its outputs are total. Did you mean `g.total`?"
            ])
    }

    @Test func whoRefersToABrokenGroupIsNotBlamed() {
        let rest =
            "  o: { uses: toy-add, in: { a: g, b: g.total } }\n  p: { uses: toy-sum, in: { numbers: g.d@copy=0 } }\n"
        #expect(
            problems("in: { numbers: songs.numbers }, with: { copies: 0 }, stages: { \(sum) }", rest) == [
                "p.yaml:3:74: error: Stage `g` (toy-copies): `copies` must be a whole number from 1 to 1000000; here it is 0 (whole number)."
            ])
        // A fault of a group inside does not hide those of its siblings.
        let nested =
            "in: { numbers: songs.numbers }, stages: { \(sum), n: { uses: toy-copies, in: { numbers: part } }, s: { uses: toy-add, in: { a: n, b: x } } }"
        #expect(
            problems(nested, rest.replacingOccurrences(of: "g.d@", with: "g.n.d@")).map { String($0.prefix(60)) } == [
                "p.yaml:3:117: error: The group `n` has no members; add `stag",
                "p.yaml:3:200: error: Stage `g.s`: `in.b` refers to `x`, but ",
            ])
    }

    @Test func circlesAreNamed() {
        let members = "a: { uses: toy-add, in: { x: b } }, b: { uses: toy-add, in: { x: a } }"
        #expect(
            problems("in: { numbers: songs.numbers }, stages: { \(members) }") == [
                "p.yaml:3:68: error: The stages depend on each other in a cycle: g.a@copy=0 -> g.b@copy=0 -> g.a@copy=0."
            ])
        #expect(problems("in: { numbers: songs.numbers }, stages: { a: { uses: toy-add, in: { x: g } } }").count == 1)
        #expect(problems("in: { numbers: songs.numbers }, stages: { a: { uses: toy-add, in: { x: a } } }").count == 1)
    }

    @Test func depthAndNumberAreBounded() {
        var member = sum
        for level in 0..<10 {
            member =
                "g\(level): { uses: toy-copies, in: { numbers: part }, with: { copies: 1 }, stages: { \(member) } }"
        }
        #expect(
            problems("in: { numbers: songs.numbers }, stages: { \(member) }").map { String($0.drop { $0 != "G" }) } == [
                "Groups are nested more than 8 levels deep."
            ])
        let inner = "n: { uses: toy-copies, in: { numbers: part }, with: { copies: 1000 }, stages: { \(sum) } }"
        #expect(
            problems(
                "in: { numbers: songs.numbers }, with: { copies: 1000 }, stages: { \(inner) }",
                "  o: { uses: toy-add, in: { a: g.n } }\n")
                == [
                    "p.yaml:3:3: error: With the group `g` the pipeline has more than 100000 stages; reduce its folds or repeats, or those of the groups in it."
                ])
    }

    /// A misspelled member on the command line is one fault, and what follows from it is none.
    @Test(arguments: [
        ("g.totla.x=3", "error: --set g.totla.x=3: `g` has no stage `totla`. Did you mean `g.total`?"),
        ("g.inner.smu.x=3", "error: --set g.inner.smu.x=3: `g.inner` has no stage `smu`. Did you mean `g.inner.sum`?"),
        (
            "g.something.x=3",
            "error: --set g.something.x=3: Stage `g` (toy-copies): Unknown parameter `something`. This kind takes copies."
        ),
        (
            "g.copis=3",
            "error: --set g.copis=3: Stage `g` (toy-copies): Unknown parameter `copis`. Did you mean `copies`?"
        ),
    ])
    func aMistypedMemberIsSuggested(set: String, sentence: String) {
        let yaml = """
            headline: g.total
            expect: ["g.total.sum >= 1", "p(g.total.test.v.ccc vs g.inner) < 0.1"]
            stages:
              songs: { uses: toy-songs, with: { source: songs } }
              g:
                uses: toy-copies
                in: { numbers: songs.numbers }
                stages:
                  \(sum)
                  inner: { uses: toy-copies, in: { numbers: part }, stages: { sum: { uses: toy-sum, in: { numbers: part } } } }

            """
        #expect(project.problems(yaml) == [])
        #expect(project.problems(yaml, sets: [set]).map { String($0.split(separator: "\n")[0]) } == [sentence])
    }

    /// Nor is it a fault of a clause that its stage has one; a clause about nothing still is.
    @Test func aClauseAboutAStageWithAFaultIsNotJudged() {
        let yaml = """
            headline: a
            expect: ["a.total >= 1", "b.total > 1"]
            stages:
              a: { uses: toy-constant, with: { txt: x } }

            """
        #expect(
            project.problems(yaml).map { String($0.split(separator: "\n")[0]) } == [
                "p.yaml:2:26: error: `b.total` does not start with a stage of this pipeline. Did you mean `a`?",
                "p.yaml:4:36: error: Stage `a` (toy-constant): Unknown parameter `txt`. Did you mean `text`?",
            ])
    }
}
