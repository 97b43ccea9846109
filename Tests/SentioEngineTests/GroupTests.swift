import Foundation
import SentioEngine
import SentioKit
import SentioSpec
import Testing

@testable import SentioToys

/// A group becomes ordinary stages; everything else follows from that.
@Suite struct GroupTests {
    let project: TestProject
    let yaml = """
        stages:
          songs: { uses: toy-songs, with: { source: songs } }
          double: { uses: toy-constant, with: { text: "100" } }
          g:
            uses: toy-copies
            in: { numbers: songs.numbers }
            with: { copies: 3 }
            stages:
              double: { uses: toy-scale, in: { numbers: part } }
              total: { uses: toy-sum, in: { numbers: double } }

        """

    init() throws {
        project = try TestProject()
        try project.song("a", "1")
        try project.song("b", "2")
    }

    @Test func membersRunOncePerCopyAndAreCollected() async throws {
        let outcome = try await project.run(yaml)
        #expect(
            Set(outcome.stages.map(\.stage)) == [
                "songs", "double", "g.part@copy=0", "g.part@copy=1", "g.part@copy=2", "g.double@copy=0",
                "g.double@copy=1",
                "g.double@copy=2", "g.total@copy=0", "g.total@copy=1", "g.total@copy=2", "g.total", "g",
            ])
        // (1 + 2) doubled, once, twice and three times over.
        #expect(try project.output(outcome, "g.total@copy=1") == "12")
        #expect(try project.output(outcome, "g.total") == "36")
        #expect(try project.output(outcome, "g") == "36")
        let again = try await project.run(yaml)
        #expect(again.stages.allSatisfy { $0.state == .cached }, "\(again.states)")
    }

    @Test func aMembersParameterRerunsItsCopiesAndWhatNeedsThem() async throws {
        try await project.run(yaml)
        let log = EventLog()
        try await project.run(yaml, sets: ["g.double.factor=7"], events: log)
        #expect(
            Set(log.started)
                == Set(["0", "1", "2"].flatMap { ["g.double@copy=\($0)", "g.total@copy=\($0)"] } + ["g.total", "g"]))
        let reason = log.all.compactMap {
            if case .stageStarted(let start) = $0, start.stage == "g.double@copy=1" { start.reason.text } else { nil }
        }
        #expect(reason == ["g.double.factor: 2 -> 7 (--set g.double.factor=7)"])
    }

    @Test func aFurtherCopyLeavesTheOthersAlone() async throws {
        try await project.run(yaml)
        let log = EventLog()
        let outcome = try await project.run(yaml, sets: ["g.copies=4"], events: log)
        #expect(Set(log.started) == ["g.part@copy=3", "g.double@copy=3", "g.total@copy=3", "g.total", "g"])
        #expect(try project.output(outcome, "g") == "60")
        #expect(try project.plan(yaml, sets: ["g.copies=4"]).allSatisfy { $0.state == .upToDate })
    }

    @Test func namesAreLookedUpFromTheInnermostOut() async throws {
        let yaml = """
            stages:
              songs: { uses: toy-songs, with: { source: songs } }
              total: { uses: toy-constant, with: { text: "1000" } }
              g:
                uses: toy-copies
                in: { numbers: songs.numbers }
                stages:
                  half: { uses: toy-scale, in: { numbers: part }, with: { factor: 10 } }
                  deep:
                    uses: toy-copies
                    in: { numbers: part }
                    stages:
                      own: { uses: toy-sum, in: { numbers: part } }
                      outer: { uses: toy-sum, in: { numbers: half } }
                      top: { uses: toy-add, in: { a: total, b: own } }
                  sibling: { uses: toy-add, in: { x: deep.own.total } }
              all: { uses: toy-add, in: { group: g, member: g.deep, one: "g.deep.own@copy=1,copy=0" } }
            """
        let outcome = try await project.run(yaml)
        // `part` of the inner group is a multiple of the outer one's.
        #expect(try project.output(outcome, "g.deep.own@copy=1,copy=1") == "12")
        #expect(try project.output(outcome, "g.deep.outer@copy=1,copy=0") == "60")
        #expect(try project.output(outcome, "g.deep.top@copy=0,copy=1") == "1006")
        #expect(try project.output(outcome, "g.deep.own@copy=1") == "18")
        #expect(try project.output(outcome, "g.sibling@copy=1") == "18")
        #expect(try project.output(outcome, "g.sibling") == "27")
        #expect(outcome["g.deep"] != nil && outcome["g.deep@copy=0"] != nil)
        let whole = try #require(Int(try project.output(outcome, "g"))),
            deep = try #require(Int(try project.output(outcome, "g.deep")))
        #expect(try project.output(outcome, "all") == "\(whole + deep + 6)")
    }

    @Test func aMatrixMayStandInsideAndAtTheGroup() async throws {
        let inside = yaml.replacingOccurrences(
            of: "in: { numbers: double } }",
            with: "in: { numbers: \"double@by=${matrix.by}\" }, matrix: { by: [2, 5] } }"
        ).replacingOccurrences(
            of: "{ uses: toy-scale, in: { numbers: part } }",
            with:
                "{ uses: toy-scale, in: { numbers: part }, with: { factor: \"${matrix.by}\" }, matrix: { by: [2, 5] } }"
        )
        let one = try await project.run(inside)
        #expect(try project.output(one, "g.total@by=5") == "90")
        #expect(one["g.total@copy=1,by=5"] != nil)
        #expect(try project.output(one, "g") == "126")
        let around = yaml.replacingOccurrences(
            of: "with: { copies: 3 }", with: "with: { copies: \"${matrix.n}\" }\n    matrix: { n: [1, 2] }"
        )
        .replacingOccurrences(
            of: "in: { numbers: part } }", with: "in: { numbers: part }, with: { factor: \"${matrix.n}\" } }")
        let two = try await project.run(around)
        #expect(try project.output(two, "g@n=1") == "3" && project.output(two, "g@n=2") == "18")
        #expect(two["g.total@n=2,copy=1"] != nil && two["g.total@n=2"] != nil)
    }

    @Test func aNameOnTheCommandLineMeansAGroupOrAllCopies() throws {
        let graph = try project.pipeline(yaml).graph
        #expect(graph.stages(named: "g").count == 11)
        #expect(graph.stages(named: "g.total") == ["g.total@copy=0", "g.total@copy=1", "g.total@copy=2", "g.total"])
        #expect(graph.stages(named: "g.double@copy=*").count == 3)
        #expect(graph.stages(named: "g.total@copy=1") == ["g.total@copy=1"])
        #expect(graph.stages(named: "double") == ["double"])
        #expect(graph.stages(named: "g.other").isEmpty)
        #expect(graph["g.part@copy=1"]?.group?.row == "g.part@copy=*")
    }

    @Test func theResolvedPipelineShowsWhatTheFileSays() throws {
        let values = try project.pipeline(yaml, sets: ["g.double.factor=7"]).resolvedValues
        func value(_ path: String) -> ResolvedValue? { values.first { $0.path == path } }
        #expect(value("stages.g.uses")?.value == "toy-copies")
        #expect(value("stages.g.with.copies")?.value == 3)
        #expect(value("stages.g.stages.double.with.factor")?.origin == "--set g.double.factor=7")
        #expect(value("stages.g.stages.total.in.numbers")?.value == "g.double@copy=*.numbers")
        #expect(!values.contains { $0.path.contains("@copy=0") })
        #expect(Set(values.map(\.path)).count == values.count)
    }

    @Test func everyCopyHasASeedOfItsOwn() async throws {
        let outcome = try await project.run(
            yaml.replacingOccurrences(
                of: "total: { uses: toy-sum, in: { numbers: double } }", with: "total: { uses: toy-random }"),
            configure: { $0.keepGoing = true })
        let seeds = try (0..<3).map { try project.output(outcome, "g.total@copy=\($0)") }
        #expect(Set(seeds).count == 3)
    }

    @Test func aThousandCopiesAreReadAtOnce() throws {
        let pipeline = try project.pipeline(yaml, sets: ["g.copies=3000"])
        #expect(pipeline.graph.nodes.count == 9004)
        #expect(pipeline.graph["g.total"]?.inputs.count == 3000)
    }
}
