import SentioKit
import Testing

@testable import SentioRunStore

@Suite struct CompareTests {
    let folder: TemporaryFolder
    let store: RunStore

    init() throws {
        folder = try TemporaryFolder()
        store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        func record(_ id: String, alpha: Double, frames: Value, ccc: Double, songs: [String], commit: String) {
            let run = description(
                id,
                parameters: [
                    .init(name: "frames", value: frames, origin: "a:1"), .init(name: "alpha", value: .double(alpha), origin: "a:2"),
                ],
                environment: ["git_commit": .string(commit), "git_dirty": false])
            let scored = hash(songs.joined())
            let stages = [
                outcome("ridge", configuration: ["alpha": .double(alpha), "fit": "cholesky"]),
                outcome("score", outputs: ["songs": scored], metrics: ["test.ccc": ccc, "test.songs": 2, "test.r2": .nan]),
            ]
            let reports = store.record(run, stages) { outcome in
                outcome.stage == "score"
                    ? [(scored, songs.map { ItemPrediction(songID: $0, set: "test", dimension: "valence", truth: 1, predicted: 2) })] : []
            }
            #expect(reports == [])
        }
        record("a", alpha: 1, frames: 256, ccc: 0.5, songs: ["x", "y"], commit: "c1")
        record("b", alpha: 2, frames: 256.0, ccc: 0.6, songs: ["x", "y"], commit: "c1")
        record("c", alpha: 2, frames: 256, ccc: 0.7, songs: ["y", "z"], commit: "c2")
    }

    @Test func onlyDifferences() throws {
        let comparison = try store.compare(["a", "b"], onlyDifferences: true)
        #expect(comparison.runs.map(\.id) == ["a", "b"])
        #expect(comparison.parameters == [.init(name: "alpha", values: [1.0, 2.0])])
        #expect(comparison.configuration == [.init(name: "ridge.alpha", values: [1.0, 2.0])])
        #expect(comparison.metrics == [.init(name: "score.test.ccc", values: [0.5, 0.6])])
        #expect(comparison.remarks == [])
    }

    @Test func everything() throws {
        let comparison = try store.compare(["a", "b"])
        #expect(comparison.parameters.map(\.name) == ["alpha", "frames"])
        #expect(comparison.parameters.map(\.differs) == [true, false])
        #expect(comparison.metrics.map(\.name) == ["score.test.ccc", "score.test.r2", "score.test.songs"])
    }

    @Test func remarksNameWhatIsHardToCompare() throws {
        let remarks = try store.compare(["a", "c"]).remarks
        #expect(
            remarks == [
                "Test songs differ: a was scored on 2, c on 2; 1 are the same. Their scores are not of one test.",
                "Code versions differ: a c1, c c2.",
            ])
    }

    @Test func aRunWithoutAValueDiffers() {
        #expect(RunComparison.Row(name: "x", values: [1, nil]).differs)
        #expect(RunComparison.Row(name: "x", values: [nil, 1]).differs)
        #expect(!RunComparison.Row(name: "x", values: [nil, nil]).differs)
        #expect(!RunComparison.Row(name: "x", values: [1, 1.0]).differs)
    }

    @Test func unknownRun() {
        #expect(throws: RunStoreError.unknownRun("nope", nearest: nil)) { try store.compare(["a", "nope"]) }
    }
}
