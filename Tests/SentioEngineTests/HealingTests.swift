import Foundation
import SentioEngine
import SentioKit
import SentioSpec
import Testing

@testable import SentioToys

/// Bad disks, bad songs, kills: healed and said, or a sentence; never a wrong result.
@Suite struct HealingTests {
    let project: TestProject
    let yaml = """
        stages:
          songs: { uses: toy-songs, with: { source: songs } }
          scaled: { uses: toy-scale, in: { numbers: songs.numbers } }
          sum: { uses: toy-sum, in: { numbers: scaled } }
        """

    init() throws {
        project = try TestProject()
        for (id, text) in [("a", "1"), ("b", "2"), ("c", "3")] { try project.song(id, text) }
    }

    private func flipOneBit(_ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.startIndex] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
    }

    @Test func aBlobWithOneBitFlippedIsMadeAgainAndSaid() async throws {
        try await project.run(yaml)
        try flipOneBit(project.blobPath("4"))
        let events = EventLog()
        let run = try await project.run(yaml, configure: { $0.force = ["sum"] }, events: events)
        #expect(run.status == .succeeded)
        #expect(try project.output(run, "sum") == "12")
        #expect(run["scaled"]?.items == ItemCounts(total: 3, executed: 1, cached: 2))
        #expect(
            events.warnings.contains { $0.contains("is damaged") && $0.contains("`scaled` runs again") },
            "\(events.warnings)")
    }

    @Test func verifyFindsTheBitAndTheNextRunHeals() async throws {
        try await project.run(yaml)
        #expect(try project.workspace.verify(threads: 2).isClean)
        try flipOneBit(project.blobPath("4"))
        let found = try project.workspace.verify(threads: 2)
        #expect(found.damaged == [Hashing.content("4")])
        let events = EventLog()
        let run = try await project.run(yaml, events: events)
        #expect(run.states == "songs cached, scaled executed, sum cached")
        #expect(run["scaled"]?.reason == RunReason(.lostOutputs(count: 1)))
        #expect(events.warnings.contains { $0.contains("an output blob is missing or damaged") })
        #expect(try project.workspace.verify(threads: 1).isClean)
    }

    @Test func aReplacedSongIsNoFaultOfTheStore() async throws {
        try await project.run(yaml)
        try project.song("b", "20")
        try await project.run(yaml)
        try project.reopen()
        #expect(try project.workspace.verify(threads: 1).isClean)
    }

    @Test func aDamagedManifestIsAMiss() async throws {
        let first = try await project.run(yaml)
        let hex = try #require(first["scaled"]?.outputs["numbers"]).hex
        try flipOneBit("\(project.path)/artifacts/cas/\(hex.prefix(2))/\(hex.dropFirst(2))")
        let run = try await project.run(yaml)
        #expect(run.states == "songs cached, scaled executed, sum cached")
        #expect(run["scaled"]?.items?.cached == 3)
    }

    @Test func allBlobsGoneIsARunFromTheStart() async throws {
        let first = try await project.run(yaml)
        try project.remove("artifacts/cas")
        let run = try await project.run(yaml)
        #expect(run.states == "songs executed, scaled executed, sum executed")
        #expect(run.stages.map(\.outputs) == first.stages.map(\.outputs))
    }

    @Test func deletingTheHistoryChangesNothing() async throws {
        try await project.run(yaml)
        try project.remove("artifacts/runs")
        #expect(try await project.run(yaml).states == "songs cached, scaled cached, sum cached")
    }

    @Test func aTornOrSpoiledRecordIsAMissNotAWrongResult() async throws {
        try await project.run(yaml)
        let path = project.path + "/artifacts/actions/stages.log"
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        for length in stride(from: 0, to: whole.count, by: 97) {
            try whole.prefix(length).write(to: URL(fileURLWithPath: path))
            let run = try await project.run(yaml)
            #expect(run.status == .succeeded)
            #expect(try project.output(run, "sum") == "12")
        }
        for offset in stride(from: 0, to: whole.count, by: 61) {
            var spoiled = whole
            spoiled[offset] ^= 4
            try spoiled.write(to: URL(fileURLWithPath: path))
            let run = try await project.run(yaml)
            #expect(run.status == .succeeded)
            #expect(try project.output(run, "sum") == "12")
        }
    }

    @Test func aBadSongIsNamedTheOthersAreKept() async throws {
        try project.song("b", "two")
        let run = try await project.run(yaml)
        #expect(run.states == "songs executed, scaled failed, sum skipped")
        #expect(run["scaled"]?.message?.contains("1 of 3 songs failed in scaled") == true)
        #expect(run["scaled"]?.message?.contains("b: `two` is not a number.") == true)
        #expect(run.exitCode == 1)
        try project.song("b", "2")
        #expect(try await project.run(yaml)["scaled"]?.items == ItemCounts(total: 3, executed: 1, cached: 2))
    }

    @Test func onErrorSkipLeavesTheSongOut() async throws {
        try project.song("b", "two")
        let skipping = yaml.replacingOccurrences(
            of: "in: { numbers: songs.numbers }", with: "in: { numbers: songs.numbers }, on_error: skip")
        let events = EventLog()
        let run = try await project.run(skipping, events: events)
        #expect(run.status == .succeeded)
        #expect(try project.output(run, "sum") == "8")
        #expect(run["scaled"]?.items?.failed == 1)
        #expect(events.warnings.contains { $0.contains("1 of 3 songs failed in scaled and are left out") })
        for id in ["a", "c"] { try project.song(id, "x") }
        #expect(try await project.run(skipping).status == .failed, "with no song left the stage fails")
    }

    @Test func keepGoingRunsWhatDoesNotNeedTheFailedStage() async throws {
        let yaml = """
            stages:
              bad: { uses: toy-constant, with: { text: fail } }
              after: { uses: toy-constant, in: { after: bad } }
              other: { uses: toy-constant, with: { text: fine } }
            """
        let strict = try await project.run(yaml, configure: { $0.jobs = 1 })
        #expect(strict["other"]?.state == .skipped && strict["bad"]?.message == "It was told to fail.")
        let lenient = try await project.run(
            yaml,
            configure: {
                $0.jobs = 1; $0.keepGoing = true
            })
        #expect(lenient["other"]?.state == .executed)
        #expect(lenient["after"]?.message == "needs bad")
        #expect(lenient.exitCode == 1)
    }

    @Test func aForgottenOutputFailsTheStage() async throws {
        let run = try await project.run("stages: { a: { uses: toy-constant, with: { text: forget } } }\n")
        #expect(run["a"]?.message == "`a` finished without its output `total`.")
    }

    @Test func aMissingSourceIsASentence() async throws {
        try project.remove("songs")
        let run = try await project.run(yaml)
        #expect(run["songs"]?.message?.contains("which does not exist") == true)
        #expect(try project.plan(yaml).first?.state != .upToDate)
    }

    @Test func aSourceThatIsAFileIsASentence() async throws {
        try project.remove("songs")
        try project.write("x", to: "songs")
        #expect(try await project.run(yaml)["songs"]?.message?.contains("is a file") == true)
    }

    @Test func leakageEndsTheRunWithItsOwnCode() async throws {
        let yaml = """
            stages:
              songs: { uses: toy-songs, with: { source: songs } }
              scaled: { uses: toy-scale, in: { numbers: songs.numbers } }
              fit: { uses: toy-fit, in: { numbers: scaled }, with: { train: [a, b] } }
              score: { uses: toy-score, in: { predictions: fit }, with: { test: [c] } }
            expect: ["score.test.ccc >= 1"]
            """
        let honest = try await project.run(yaml)
        #expect(honest.exitCode == 0)
        let leaking = try await project.run(yaml, sets: ["score.test=[b, c]"])
        #expect(leaking.exitCode == 7)
        #expect(leaking["score"]?.isLeakage == true)
        #expect(leaking["score"]?.message?.contains("a scored song was seen in training") == true)
        #expect(leaking["score"]?.message?.contains(": b.") == true)
        // The same recording under another id is the same song.
        try project.song("d", "1")
        #expect(try await project.run(yaml, sets: ["score.test=[d]"]).exitCode == 7)
    }

    @Test func aFailedExpectationHasItsOwnCode() async throws {
        let run = try await project.run(
            yaml + "\nexpect: [\"sum.total >= 13\", \"sum.total < 13\", \"sum.totl > 1\"]\n")
        #expect(run.exitCode == 6)
        #expect(run.expectations.map(\.holds) == [false, true, false])
        #expect(run.expectations[2].evidence == "sum has no metric `totl`; did you mean `sum.total`?")
    }

    @Test func twoRunnersShareAStage() async throws {
        let pipeline = try project.pipeline(yaml)
        let workspaces = try (0..<4).map { _ in try Workspace(path: project.path + "/artifacts") }
        let runs = await withTaskGroup(of: RunOutcome.self) { group in
            for workspace in workspaces {
                group.addTask { await Engine(workspace: workspace).run(pipeline, options: RunOptions(jobs: 1)) }
            }
            return await group.reduce(into: [RunOutcome]()) { $0.append($1) }
        }
        #expect(runs.allSatisfy { $0.status == .succeeded })
        #expect(Set(runs.map { $0.stages.map(\.outputs) }).count == 1)
        #expect(runs.count { $0["sum"]?.state == .executed } == 1, "one runs it, the others take its result")
    }

    @Test func aStoppedRunIsInterruptedAndGoesOn() async throws {
        let pipeline = try project.pipeline(yaml)
        let cancellation = Cancellation()
        cancellation.cancel(signal: 15)
        let run = await Engine(workspace: project.workspace).run(
            pipeline, options: RunOptions(jobs: 1), cancellation: cancellation)
        #expect(run.status == .interrupted)
        #expect(cancellation.exitCode == 143)
        #expect(try await project.run(yaml).status == .succeeded)
    }
}
