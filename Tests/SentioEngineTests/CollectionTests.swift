import Foundation
import SentioKit
import SentioSpec
import Testing

@testable import SentioEngine
@testable import SentioToys

/// What `artifacts gc` lets go first, and what it never touches.
@Suite struct CollectionTests {
    let project: TestProject
    let yaml = """
        params: { factor: 2 }
        stages:
          songs: { uses: toy-songs, with: { source: songs } }
          scaled: { uses: toy-scale, in: { numbers: songs.numbers }, with: { factor: "${factor}" } }
          sum: { uses: toy-sum, in: { numbers: scaled } }
        """

    init() throws {
        project = try TestProject()
        for index in 0..<20 { try project.song("s\(index)", "\(1000 + index)") }
    }

    private func record(_ stage: String) throws -> StageRecord {
        try #require(try project.workspace.records.latest(pipeline: "p", stage: stage))
    }

    /// Runs with a factor, as if stages had taken so long.
    private func run(_ factor: Int, scaled: Double, sum: Double) async throws -> (scaled: StageRecord, sum: StageRecord)
    {
        try await project.run(yaml, sets: ["factor=\(factor)"])
        for (stage, seconds) in [("scaled", scaled), ("sum", sum)] {
            var record = try record(stage)
            record.cost = seconds
            try project.workspace.records.store(record)
        }
        return (try record("scaled"), try record("sum"))
    }

    private func collect(_ keep: Int?, _ rules: CollectionRules = CollectionRules(), dryRun: Bool = true) throws
        -> SentioEngine.Collection
    {
        try project.reopen()
        return try project.workspace.collect(keep: keep, rules: rules, dryRun: dryRun)
    }

    private func stages(_ collection: SentioEngine.Collection) -> [String] {
        collection.lines.map(\.what).filter { $0.hasSuffix(" of p") }
    }

    @Test func theCheapestForItsBytesGoesFirst() async throws {
        _ = try await run(2, scaled: 1, sum: 500)
        _ = try await run(3, scaled: 1, sum: 500)
        let one = try collect(try collect(nil).before - 1)
        #expect(stages(one) == ["scaled of p"] && one.seconds == 1, "waveforms before trainings: \(one.lines)")
        let all = try collect(0)
        #expect(stages(all) == ["scaled of p", "sum of p"])
        #expect(
            all.lines.compactMap(\.seconds).filter { $0 > 0 } == [1, 501], "what goes before it must run again first")
        #expect(all.seconds == 501, "each stage once in the bill")
        #expect(all.kept.contains { $0.why == "last results of stages" && $0.bytes > 0 } && all.after > 0)
    }

    @Test func oldAgeIsNoReason() async throws {
        _ = try await run(2, scaled: 900, sum: 900)
        _ = try await run(3, scaled: 1, sum: 1)
        _ = try await run(4, scaled: 1, sum: 1)
        let one = try collect(try collect(nil).before - 1)
        #expect(one.seconds == 1, "the dear old one stays: \(one.lines)")
    }

    @Test func whatIsKeptStaysAndIsNamed() async throws {
        let old = try await run(2, scaled: 1, sum: 1)
        _ = try await run(3, scaled: 1, sum: 1)
        let rules = CollectionRules(kept: [old.scaled.key.hash.hex: "sweep ratio-1"])
        let collection = try collect(0, rules)
        #expect(stages(collection) == ["sum of p"])
        #expect(collection.kept.contains { $0.why == "sweep ratio-1" && $0.bytes > 0 })
        var even = rules
        even.includesLast = true
        let more = try collect(0, even, dryRun: false)
        #expect(
            stages(more).count > stages(collection).count && !more.kept.contains { $0.why == "last results of stages" })
        #expect(
            try project.workspace.records.stage(old.scaled.key) != nil && project.workspace.verify(threads: 1).isClean)
        let plan = try project.plan(yaml, sets: ["factor=3"])
        #expect(plan.contains { $0.isStale }, "and what went is made again when it is asked for")
    }

    @Test func checkpointsOfTheLastRunStay() async throws {
        let steps = "stages: { steps: { uses: toy-steps, with: { epochs: %d } } }\n"
        try project.write("3", to: "stop")
        for epochs in [10, 20] { try await project.run(steps.replacing("%d", with: "\(epochs)")) }
        let folder = project.path + "/artifacts/tmp/checkpoints"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(names.count == 2)
        let collection = try collect(0, dryRun: false)
        #expect(collection.lines.count { $0.what == "checkpoint of steps of p" } == 1, "\(collection.lines)")
        let left = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(left.count == 1 && CheckpointNote(directory: folder + "/" + left[0])?.mark.total == 20)
        #expect(collection.kept.contains { $0.why == "checkpoints of the last run" })
    }

    @Test func logsOfDeletedAndOfOldRunsGo() async throws {
        let first = try await project.run(yaml), second = try await project.run(yaml, sets: ["factor=3"])
        try project.write("log", to: "artifacts/runs/\(first.run)/scaled/log.txt")
        try project.write("log", to: "artifacts/runs/\(second.run)/scaled/log.txt")
        #expect(try collect(nil, dryRun: false).lines.isEmpty)
        let deleted = try collect(nil, CollectionRules(deletedRuns: [first.run]), dryRun: false)
        #expect(deleted.lines.map(\.what) == ["log of run \(first.run)"] && deleted.lines[0].bytes >= 3)
        #expect(project.read("artifacts/runs/\(first.run)/scaled/log.txt") == nil)
        #expect(project.read("artifacts/runs/\(second.run)/scaled/log.txt") == "log")
    }

    @Test func aRunWithoutResultsHasAnOldLog() async throws {
        let first = try await project.run(yaml)
        try await project.run(yaml, sets: ["factor=3"])
        // What the first run made alone goes; songs that it read are the second's too.
        try project.write("log", to: "artifacts/runs/\(first.run)/scaled/log.txt")
        try project.song("s0", "5")
        try await project.run(yaml, sets: ["factor=3"])
        let collection = try collect(0)
        #expect(collection.lines.contains { $0.what == "log of run \(first.run)" }, "\(collection.lines)")
        let kept = try collect(0, CollectionRules(keptRuns: [first.run]))
        #expect(!kept.lines.contains { $0.what == "log of run \(first.run)" })
    }
}
