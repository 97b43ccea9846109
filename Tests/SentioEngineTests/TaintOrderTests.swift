import Foundation
import SentioKit
import SentioSpec
import Testing

@testable import SentioEngine
@testable import SentioToys

/// Marks and results are ordered by what a run knew, not by clocks.
@Suite struct TaintOrderTests {
    let project: TestProject
    let yaml = """
        stages:
          songs: { uses: toy-songs, with: { source: songs } }
          scaled: { uses: toy-scale, in: { numbers: songs.numbers } }
        """

    init() throws {
        project = try TestProject()
        for (id, text) in [("a", "1"), ("b", "2")] { try project.song(id, text) }
    }

    private func mark(at time: Double, _ song: String = "2") -> TaintMark {
        TaintMark(song: Hashing.content(song), id: "b", reason: "clipped", markedAt: time)
    }

    /// The clock went back, was far ahead, or stood still.
    @Test(arguments: [-1e9, 0, 1e9])
    func aMarkIsNewerThanWhatWasThere(skew: Double) async throws {
        try await project.run(yaml)
        try project.workspace.taint(mark(at: Date().timeIntervalSince1970 + skew))
        let run = try await project.run(yaml)
        #expect(run.states == "songs executed, scaled executed")
        #expect(run["scaled"]?.items == ItemCounts(total: 2, executed: 1, cached: 1))
        #expect(
            try await project.run(yaml).states == "songs cached, scaled cached",
            "executed after the mark, whatever the clock says")
        let reached = try project.workspace.reach(of: try #require(project.workspace.taints.marks.first))
        #expect(!reached.isEmpty && reached.allSatisfy { !$0.isStale })
    }

    @Test func aMarkMadeMeanwhileIsNotSeenByTheRunUnderWay() async throws {
        let pipeline = try project.pipeline(yaml)
        try project.reopen()
        // Opened before the mark, as a run that is under way.
        try Workspace(path: project.path + "/artifacts").taint(mark(at: 1))
        let run = await Engine(workspace: project.workspace).run(pipeline, options: RunOptions(jobs: 1))
        #expect(run.status == .succeeded)
        #expect(try await project.run(yaml).states == "songs executed, scaled executed")
    }

    @Test func aListBegunAnewIsAnotherOne() async throws {
        for _ in 0..<3 { try project.workspace.taint(mark(at: 1, "1")) }
        try await project.run(yaml)
        try project.remove("artifacts/tainted.json")
        try project.reopen()
        try project.workspace.taint(mark(at: 1))
        #expect(
            try await project.run(yaml).states == "songs executed, scaled executed",
            "three marks of another list say nothing")
    }

    @Test func untaintedAndMarkedAgainIsNew() async throws {
        try await project.run(yaml)
        try project.workspace.taint(mark(at: 1))
        try await project.run(yaml)
        #expect(try project.workspace.untaint(Hashing.content("2")))
        #expect(try await project.run(yaml).states == "songs cached, scaled cached")
        try project.workspace.taint(mark(at: 1))
        #expect(try await project.run(yaml).states == "songs executed, scaled executed")
    }

    /// Lists and records of earlier versions have no numbers: there the clock decides, as it did.
    @Test func earlierVersions() throws {
        let old = StageRecord(
            key: StageKey(Hashing.content("k")), stage: "s", pipeline: "p", run: "r",
            parts: KeyParts(kind: "k", version: 1, configuration: [:], inputs: [:], sources: [:], seed: nil),
            outputs: [:], seconds: 1,
            reason: "", finishedAt: 100)
        let encoded = try #require(
            String(decoding: old.encoded, as: UTF8.self).replacing(",\"taints\":null", with: "").data(using: .utf8))
        let read = try #require(StageRecord(key: old.key, encoded: Array(encoded)))
        #expect(read.taintsSeen == nil)
        let path = project.path + "/list.json"
        let song = Hashing.content("2").hex
        try TestFiles.write(
            "{\"schema\":1,\"songs\":[{\"song\":\"\(song)\",\"id\":\"b\",\"reason\":\"r\",\"marked_at\":100.0}]}\n",
            to: path)
        let list = try TaintList.read(path), marked = try #require(list.marks.first)
        #expect(marked.number == nil && list.isNew(marked, to: read))
        var later = read
        later.finishedAt = 101
        #expect(!list.isNew(marked, to: later))
        later.taintsSeen = list.seen
        #expect(StageRecord(key: later.key, encoded: later.encoded)?.taintsSeen == list.seen)
    }
}
