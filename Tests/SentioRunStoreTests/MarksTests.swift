import SentioKit
import Testing

@testable import SentioRunStore

@Suite struct MarksTests {
    let folder: TemporaryFolder
    let store: RunStore

    init() throws {
        folder = try TemporaryFolder()
        store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        let shared = outcome("ridge", outputs: ["model": hash("model")], metrics: ["mse": 1])
        let rows = [ItemPrediction(songID: "s", set: "test", dimension: "valence", truth: 5, predicted: 5.5)]
        _ = store.record(description("r1", name: "first", startedAt: 1, tags: ["a": "1"]), [shared])
        _ = store.record(
            description("r2", startedAt: 2), [shared, outcome("score", outputs: ["songs": hash("scored")])],
            predictions: { $0.stage == "score" ? [(hash("scored"), rows)] : [] })
    }

    @Test func tagsComeAndGo() throws {
        try store.tag("r1", ["a": "2", "b": ""])
        #expect(try store.runs()[1].tags == ["a": "2", "b": ""])
        try store.removeTags("r1", ["a"])
        #expect(try store.runs()[1].tags == ["b": ""])
        let error = #expect(throws: RunStoreError.self) { try store.removeTags("r1", ["b", "a"]) }
        #expect(error?.description == "Run r1 has no tag `a`; it has no tags.")
        #expect(try store.runs()[1].tags == ["b": ""], "all or nothing")
        #expect(throws: RunStoreError.self) { try store.tag("nobody", ["a": "2"]) }
    }

    @Test func notes() throws {
        try store.note("r1", "the one of the paper")
        #expect(try store.details("r1").summary.note == "the one of the paper")
        #expect(try store.value("SELECT note FROM v_runs WHERE run = 'r1'") == "the one of the paper")
        try store.note("r1", "")
        #expect(try store.details("r1").summary.note == nil)
    }

    @Test func aDeletedRunIsNowhereAndComesBackWhole() throws {
        func everything() throws -> [QueryResult] {
            try ["v_runs", "v_tags", "v_stages", "v_metrics", "v_lineage", "v_predictions", "v_configuration"].map {
                try store.query("SELECT * FROM \($0)")
            }
        }
        let before = try everything()
        try store.delete(["r2"], at: 50)
        #expect(try store.runs().map(\.id) == ["r1"])
        #expect(try store.runs(deleted: true).map(\.id) == ["r2"] && store.runs(deleted: true)[0].deletedAt == 50)
        #expect(throws: RunStoreError.self) { try store.run(matching: "r2") }
        #expect(try store.run(matching: "latest") == "r1")
        #expect(try store.run(matching: "r2", includingDeleted: true) == "r2")
        for view in ["v_runs", "v_stages", "v_metrics", "v_lineage", "v_predictions", "v_configuration"] {
            #expect(try store.value("SELECT count(*) FROM \(view) WHERE run = 'r2'") == 0, "\(view)")
        }
        #expect(try store.restore(["r1", "r2"]) == ["r2"])
        #expect(try everything() == before)
    }

    @Test func purgedRunsAreGoneAndTheLedgerStays() throws {
        try store.delete(["r2"], at: 50)
        #expect(try store.purge() == ["r2"])
        #expect(throws: RunStoreError.self) { try store.run(matching: "r2", includingDeleted: true) }
        #expect(try store.value("SELECT count(*) FROM item_predictions") == 0)
        #expect(
            try store.value("SELECT group_concat(hash) FROM artifacts") == .string(hash("model").hex),
            "what r1 refers to stays")
        #expect(try store.testLooks().map(\.looks).map { $0.map(\.run) } == [["r2"]])
        #expect(try store.purge() == [])
    }

    @Test func aRunUnderWayIsNotDeleted() throws {
        _ = store.record([.runStarted(description("r3"))])
        let error = #expect(throws: RunStoreError.self) { try store.delete(["r1", "r3"], at: 1) }
        #expect(error == .isRunning("r3"))
        #expect(try store.runs().count == 3, "all or nothing")
        #expect(throws: RunStoreError.isRunning("r3")) { try store.purge(["r3"]) }
    }

    // MARK: Tainted songs

    @Test func taintMarksEveryRunThatHasTheArtifact() throws {
        let song = TaintMark(song: hash("song"), id: "42", reason: "wrong label", markedAt: 9)
        let marked = try store.taint(song, artifacts: [hash("model")])
        #expect(
            marked.map(\.run) == ["r1", "r2"] && marked.map(\.stage) == ["ridge", "ridge"] && marked[0].song == song)
        #expect(try store.runs().map(\.isTainted) == [true, true])
        #expect(try store.runs(filter: RunFilter("tainted", now: 0)).count == 2)
        #expect(
            try store.query("SELECT run, stage, song_id, reason FROM v_taints WHERE run = 'r1'").rows == [
                ["r1", "ridge", "42", "wrong label"]
            ])
        #expect(try store.taintedStages(of: "r1").count == 1)
        let again = TaintMark(song: hash("song"), id: "42", reason: "clipped", markedAt: 10)
        #expect(
            try store.taint(again, artifacts: [hash("scored")]).map(\.song.reason) == ["clipped", "clipped", "clipped"])
        try store.untaint(hash("song"))
        #expect(try store.taintedStages() == [] && store.runs().allSatisfy { !$0.isTainted })
    }
}
