import SentioKit
import Synchronization
import Testing

@testable import SentioRunStore

@Suite struct PredictionTests {
    struct Unreadable: Error, CustomStringConvertible { var description: String { "The table cannot be read." } }

    let folder: TemporaryFolder
    let store: RunStore
    let scored = outcome("score", outputs: ["songs": hash("scored"), "scores": hash("json")], metrics: ["ccc": 0.5])
    let rows = [
        ItemPrediction(songID: "a", set: "test", dimension: "valence", truth: 5, predicted: 5.5),
        ItemPrediction(songID: "b", set: "train", dimension: "valence", truth: 3, predicted: 2.5),
    ]

    init() throws {
        folder = try TemporaryFolder()
        store = try RunStore.open(path: folder.file(), probe: FakeProbe())
    }

    @Test func areReadOncePerArtifact() throws {
        let asked = Mutex<[[String]]>([])
        let reader: RunRecorder.PredictionReader = { [rows] outcome in
            asked.withLock { $0.append(outcome.outputs.keys.sorted()) }
            return [(hash("scored"), rows)]
        }
        for id in ["r1", "r2"] { #expect(store.record(description(id), [scored], predictions: reader) == []) }
        #expect(asked.withLock { $0 } == [["scores", "songs"]])
        #expect(try store.value("SELECT count(*) FROM item_predictions") == 2)
        let seen = try store.query(
            "SELECT run, stage, port, song_id, \"set\", dimension, truth, predicted FROM v_predictions WHERE run = 'r2' ORDER BY song_id"
        )
        let first: [Value] = ["r2", "score", "songs", "a", "test", "valence", 5.0, 5.5]
        let second: [Value] = ["r2", "score", "songs", "b", "train", "valence", 3.0, 2.5]
        #expect(seen.rows == [first, second])
    }

    @Test func onlyOutputsNeverAskedAboutAreAskedFor() throws {
        let asked = Mutex<[[String]]>([])
        let reader: RunRecorder.PredictionReader = { outcome in
            asked.withLock { $0.append(outcome.outputs.keys.sorted()) }
            return []
        }
        _ = store.record(description("r1"), [scored], predictions: reader)
        var second = scored
        second.outputs["songs"] = hash("other songs")
        _ = store.record(description("r2"), [second], predictions: reader)
        #expect(asked.withLock { $0 } == [["scores", "songs"], ["songs"]])
    }

    @Test func unreadableTableIsSaidAndAskedForAgain() throws {
        let reports = store.record(description("r1"), [scored]) { _ in throw Unreadable() }
        #expect(reports == ["The predictions of stage `score` are missing from the history. The table cannot be read."])
        #expect(try store.runs().first?.status == .succeeded)
        let again = store.record(description("r2"), [scored]) { [rows] _ in [(hash("scored"), rows)] }
        #expect(again == [])
        #expect(try store.value("SELECT count(*) FROM v_predictions WHERE run = 'r1'") == 2)
    }

    @Test func typesOfArtifactsAreKept() throws {
        let recorder = RunRecorder(store: store, artifactTypes: { _ in ["songs": "scored-songs"] }, report: { _ in })
        recorder.receive(.runStarted(description("r1")))
        recorder.receive(.stageFinished(scored))
        recorder.finish()
        #expect(
            try store.query("SELECT port, type FROM v_lineage ORDER BY port").rows == [
                ["scores", .null], ["songs", "scored-songs"],
            ])
    }
}
