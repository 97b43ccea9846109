import Foundation
import SentioEngine
import SentioKit
import Testing

@testable import SentioToys

/// What did not change is not computed; what changed is computed, and nothing else.
@Suite struct CachingTests {
    let project: TestProject
    let yaml = """
        seed: 42
        params: { factor: 2, modulus: 1000 }
        stages:
          songs: { uses: toy-songs, with: { source: songs } }
          scaled: { uses: toy-scale, in: { numbers: songs.numbers }, with: { factor: "${factor}", modulus: "${modulus}" } }
          sum: { uses: toy-sum, in: { numbers: scaled } }
          last: { uses: toy-constant, in: { after: sum } }
        """

    init() throws {
        project = try TestProject()
        for (id, text) in [("a", "1"), ("b", "2"), ("c", "3")] { try project.song(id, text) }
    }

    @Test func theSecondRunExecutesNothingAndKeepsItsMetrics() async throws {
        let first = try await project.run(yaml)
        #expect(first.states == "songs executed, scaled executed, sum executed, last executed")
        #expect(first["scaled"]?.items == ItemCounts(total: 3, executed: 3))
        #expect(try project.output(first, "sum") == "12")
        let events = EventLog()
        let second = try await project.run(yaml, events: events)
        #expect(second.states == "songs cached, scaled cached, sum cached, last cached")
        #expect(events.started.isEmpty)
        #expect(second["sum"]?.metrics == ["total": 12])
        #expect(second["sum"]?.series == ["half": [SeriesPoint(step: 0, value: 6)]])
        #expect(second["scaled"]?.items == ItemCounts(total: 3, cached: 3))
        #expect(second["sum"]?.outputs == first["sum"]?.outputs)
    }

    @Test func aReplacedSongIsTheOnlyOneComputed() async throws {
        try await project.run(yaml)
        try project.song("b", "20")
        let run = try await project.run(yaml)
        #expect(run["scaled"]?.items == ItemCounts(total: 3, executed: 1, cached: 2))
        #expect(run["songs"]?.reason == RunReason(.source(name: "songs", changes: [.changed("b.txt")])))
        #expect(run["sum"]?.reason?.text == "input `numbers` from scaled changed")
        #expect(try project.output(run, "sum") == "48")
        #expect(run["last"]?.state == .executed)
    }

    @Test func songsThatComeAndGo() async throws {
        try await project.run(yaml)
        try project.song("d", "4")
        try project.remove("songs/a.txt")
        let run = try await project.run(yaml)
        #expect(run["scaled"]?.items == ItemCounts(total: 3, executed: 1, cached: 2))
        #expect(run["songs"]?.reason?.text == "d.txt is new, a.txt is gone")
    }

    @Test func aChangedParameterSaysSoAndGoingBackIsAHit() async throws {
        try await project.run(yaml)
        let changed = try await project.run(yaml, sets: ["factor=3"])
        #expect(changed.states == "songs cached, scaled executed, sum executed, last executed")
        #expect(changed["scaled"]?.reason?.text == "scaled.factor: 2 -> 3 (--set factor=3)")
        let back = try await project.run(yaml)
        #expect(back.states == "songs cached, scaled cached, sum cached, last cached")
        // The next evidence is against where the user is now, not against what was executed last.
        let again = try await project.run(yaml, sets: ["factor=4"])
        #expect(again["scaled"]?.reason?.text == "scaled.factor: 2 -> 4 (--set factor=4)")
    }

    @Test func theSameBytesEndTheChain() async throws {
        try await project.run(yaml)
        let run = try await project.run(yaml, sets: ["modulus=999"])
        #expect(run.states == "songs cached, scaled executed, sum cached, last cached")
    }

    @Test func commentsOrderNamesAndPlacesDoNotCount() async throws {
        try await project.run(yaml)
        try FileManager.default.moveItem(atPath: project.path + "/songs", toPath: project.path + "/moved")
        let other = """
            # the same, told otherwise
            stages:
              total: { in: { numbers: doubled }, uses: toy-sum }
              doubled: { with: { modulus: 1e3, factor: 2.0 }, in: { numbers: tunes.numbers }, uses: toy-scale }
              tunes: { uses: toy-songs, with: { source: moved } }
            """
        let run = try await project.run(other, configure: { $0.jobs = 1 })
        #expect(run.states == "tunes cached, doubled cached, total cached")
    }

    @Test func forceRunsAgainAndStopsWhereBytesAreTheSame() async throws {
        try await project.run(yaml)
        let run = try await project.run(yaml, configure: { $0.force = ["scaled"] })
        #expect(run.states == "songs cached, scaled executed, sum cached, last cached")
        #expect(run["scaled"]?.items?.executed == 3)
        #expect(run["scaled"]?.reason == RunReason(.forced))
    }

    @Test func onlyRunsWhatAStageNeeds() async throws {
        #expect(
            try await project.run(yaml, configure: { $0.only = ["scaled"] }).states == "songs executed, scaled executed"
        )
    }

    @Test func renamingANumberDrawerChangesItsNumbers() async throws {
        let run = try await project.run("stages: { a: { uses: toy-random }, b: { uses: toy-random } }\n")
        #expect(try project.output(run, "a") != project.output(run, "b"))
        let reseeded = try await project.run(
            "seed: 1\nstages: { a: { uses: toy-random }, c: { uses: toy-constant } }\n")
        #expect(reseeded["a"]?.reason?.text == "the seed changed")
        let replicate = try await project.run("stages: { a: { uses: toy-random } }\n", configure: { $0.replicate = 1 })
        #expect(replicate["a"]?.state == .executed)
        #expect(try await project.run("stages: { a: { uses: toy-random } }\n")["a"]?.state == .cached)
    }

    @Test func theJobCountChangesNothing() async throws {
        for index in 0..<50 { try project.song("s\(index)", "\(index)") }
        let one = try await project.run(yaml, configure: { $0.jobs = 1 })
        try FileManager.default.removeItem(atPath: project.path + "/artifacts")
        let many = try await project.run(yaml, configure: { $0.jobs = 7 })
        #expect(one.stages.map(\.outputs) == many.stages.map(\.outputs))
    }

    @Test func filesInTheUsersFolderArePutBack() async throws {
        let yaml =
            "stages: { a: { uses: toy-write, with: { out: a.txt } }, b: { uses: toy-write, with: { out: b.txt, dep: a.txt } } }\n"
        #expect(try await project.run(yaml).states == "a executed, b executed")
        try project.remove("a.txt")
        try project.write("spoiled", to: "b.txt")
        let events = EventLog()
        #expect(try await project.run(yaml, events: events).states == "a cached, b cached")
        #expect(project.read("a.txt") == "made\n" && project.read("b.txt") == "made\n")
        #expect(events.warnings.count == 2)
    }
}
