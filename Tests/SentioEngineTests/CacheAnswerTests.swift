import Foundation
import SentioKit
import Testing

@testable import SentioEngine
@testable import SentioToys

/// The cache answers only for what it was asked.
@Suite struct CacheAnswerTests {
    let project: TestProject
    let yaml = """
        stages:
          songs: { uses: toy-songs, with: { source: songs } }
          scaled: { uses: toy-scale, in: { numbers: songs.numbers }, on_error: skip }
          sum: { uses: toy-sum, in: { numbers: scaled } }
        """

    init() throws {
        project = try TestProject()
        for (id, text) in [("a", "1"), ("b", "2"), ("c", "3")] { try project.song(id, text) }
    }

    @Test func whatWasSkippedDoesNotAnswerForAStageThatMustNotSkip() async throws {
        try project.song("b", "two")
        try await project.run(yaml)
        let events = EventLog()
        let again = try await project.run(yaml, events: events)
        #expect(again.states == "songs cached, scaled cached, sum cached")
        #expect(again["scaled"]?.items == ItemCounts(total: 3, cached: 2, failed: 1))
        #expect(
            events.warnings.contains { $0.contains("1 of 3 songs failed in scaled") }, "said again: \(events.warnings)")
        let strict = yaml.replacing("on_error: skip", with: "on_error: fail")
        let planned = try project.plan(strict)
        #expect(
            planned[1].state
                == .stale(RunReason(.parameter(name: "scaled.on_error", from: "skip", to: "fail", origin: nil))))
        #expect(try await project.run(strict)["scaled"]?.state == .failed)
        #expect(try await project.run(yaml)["scaled"]?.state == .cached)
    }

    @Test func aSourceThatChangedWhileItsStageRanIsNotKept() async throws {
        try project.write("before\n", to: "dep.txt")
        let yaml = "stages: { a: { uses: toy-spoil, with: { dep: dep.txt } } }\n"
        let events = EventLog()
        let run = try await project.run(yaml, events: events)
        #expect(run["a"]?.state == .executed)
        #expect(events.warnings.contains { $0.contains("dep.txt changed while `a` ran") }, "\(events.warnings)")
        try project.write("before\n", to: "dep.txt")
        #expect(try project.plan(yaml)[0].isStale, "the result was made from other bytes")
    }

    @Test func twinStagesOfOneRunWaitForEachOtherEvenWithoutWaiting() async throws {
        let yaml = "stages:\n" + (0..<8).map { "  s\($0): { uses: toy-constant, with: { text: same } }\n" }.joined()
        let run = try await project.run(
            yaml,
            configure: {
                $0.waiting = .never; $0.jobs = 8
            })
        #expect(run.status == .succeeded, "\(run.stages.compactMap(\.message))")
    }

    @Test func aStageThatStopsByItselfHasFailed() async throws {
        let run = try await project.run("stages: { a: { uses: toy-spoil, with: { dep: quit } } }\n")
        #expect(run["a"]?.state == .failed)
        #expect(run.exitCode == 1)
    }

    @Test func numbersThatAreNoneComeBackAsTheyWere() async throws {
        let yaml = """
            stages: { a: { uses: toy-measure } }
            expect: ["a.more > 5", "a.less < 5", "a.none > 0", "a.none != 0"]
            """
        let first = try await project.run(yaml), second = try await project.run(yaml)
        #expect(second["a"]?.state == .cached)
        for run in [first, second] {
            #expect(run["a"]?.metrics["more"] == .infinity && run["a"]?.metrics["less"] == -.infinity)
            #expect(run["a"]?.metrics["none"]?.isNaN == true)
            #expect(run["a"]?.series["more"] == [SeriesPoint(step: 1, value: .infinity)])
            #expect(run.expectations.map(\.holds) == [true, true, false, true])
        }
        let changed = try await project.run(yaml.replacing("toy-measure", with: "toy-measure, with: { factor: .inf }"))
        #expect(changed["a"]?.reason?.causes.count == 1)
        let back = try await project.run(
            yaml.replacing("toy-measure", with: "toy-measure, with: { factor: .inf, other: 2 }"))
        #expect(back["a"]?.reason?.causes.map(\.text) == ["a.other: 1.0 -> 2.0 (\(project.path)/p.yaml:1)"])
    }

    @Test func aKilledRestoreDoesNotBlockTheNext() async throws {
        let yaml = "stages: { a: { uses: toy-write, with: { out: a.txt } } }\n"
        try await project.run(yaml)
        try project.remove("a.txt")
        try project.write("half", to: ".sentio-" + Hashing.content("made\n").short)
        #expect(try await project.run(yaml).states == "a cached")
        #expect(project.read("a.txt") == "made\n")
    }

    @Test func aBlobThatIsDamagedWhereItIsPutBackIsMadeAgain() async throws {
        let yaml = "stages: { a: { uses: toy-write, with: { out: a.txt } } }\n"
        try await project.run(yaml)
        try project.remove("a.txt")
        let blob = project.blobPath("made\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: blob)
        try TestFiles.write("mad_\n", to: blob)
        let run = try await project.run(yaml)
        #expect(run.states == "a executed")
        #expect(run["a"]?.reason == RunReason(.lostOutputs(count: 1)))
        #expect(project.read("a.txt") == "made\n")
    }

    @Test func aForcedRunReplacesADamagedBlob() async throws {
        try await project.run(yaml)
        let blob = project.blobPath("12")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: blob)
        try TestFiles.write("13", to: blob)
        try await project.run(yaml, configure: { $0.force = ["sum"] })
        #expect(try project.workspace.verify(threads: 1).isClean)
    }

    @Test func aSpoiledStatCacheCostsTimeOnly() async throws {
        try await project.run(yaml)
        let path = project.path + "/artifacts/tmp/stat-cache"
        for text in [
            "-1 -1 3 4 5 \(Hashing.content("x").hex) /a\n",
            "99999999999999999999 1 1 1 1 \(Hashing.content("x").hex) /a\n", "\n\n   \n",
        ] {
            try TestFiles.write(text, to: path)
            #expect(try await project.run(yaml).states == "songs cached, scaled cached, sum cached")
        }
    }

    @Test func aWrongHashInTheStatCacheIsForgottenWhenTheBytesAreRead() async throws {
        try project.reopen()
        var status = stat()
        let song = project.path + "/songs/b.txt"
        stat(song, &status)
        let print = StatCache.Fingerprint(status)
        let line =
            "\(print.device) \(print.inode) \(print.size) \(print.modified) \(print.changed) \(Hashing.content("x").hex) \(song)\n"
        try TestFiles.write(line, to: project.path + "/artifacts/tmp/stat-cache")
        // The bytes that are read are not those of the hash: the songs are looked at again, in this run or the next.
        let first = try await project.run(yaml), second = try await project.run(yaml)
        #expect(second.status == .succeeded)
        #expect(first.status == .failed || first["sum"]?.outputs == second["sum"]?.outputs)
    }
}
