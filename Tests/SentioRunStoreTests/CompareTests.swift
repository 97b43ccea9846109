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
                    .init(name: "frames", value: frames, origin: "a:1"),
                    .init(name: "alpha", value: .double(alpha), origin: "a:2"),
                ],
                environment: ["git_commit": .string(commit), "git_dirty": false])
            let scored = hash(songs.joined())
            let stages = [
                outcome("ridge", configuration: ["alpha": .double(alpha), "fit": "cholesky"]),
                outcome(
                    "score", outputs: ["songs": scored], metrics: ["test.ccc": ccc, "test.songs": 2, "test.r2": .nan]),
            ]
            let reports = store.record(run, stages) { outcome in
                outcome.stage == "score"
                    ? [
                        (
                            scored,
                            songs.map {
                                ItemPrediction(songID: $0, set: "test", dimension: "valence", truth: 1, predicted: 2)
                            }
                        )
                    ] : []
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
                "Test songs differ: a was scored on 2, c on 2; they share 1. Their scores are not comparable.",
                "Code versions differ: a c1, c c2.",
            ])
    }

    @Test func aRunWithoutAValueDiffers() {
        #expect(RunComparison.Row(name: "x", values: [1, nil]).differs)
        #expect(RunComparison.Row(name: "x", values: [nil, 1]).differs)
        #expect(!RunComparison.Row(name: "x", values: [nil, nil]).differs)
        #expect(!RunComparison.Row(name: "x", values: [1, 1.0]).differs)
    }

    @Test func stagesThatNotAllRunsHave() throws {
        let more = [
            outcome("ridge", configuration: ["alpha": 1.0, "fit": "cholesky"]),
            outcome("score", metrics: ["test.ccc": 0.5, "test.songs": 2, "test.r2": .nan]),
            outcome("score_two", metrics: ["test.ccc": 0.9]),
        ]
        #expect(store.record(description("d"), more) == [])
        let comparison = try store.compare(["a", "d"], onlyDifferences: true)
        #expect(comparison.stages == [.init(name: "score_two", values: [nil, "score_two"])])
        #expect(comparison.metrics.map(\.name) == ["score_two.test.ccc"])
        #expect(comparison.withoutLoneStages.metrics.isEmpty)
        #expect(try store.compare(["a", "b"], onlyDifferences: true).stages.isEmpty)
    }

    @Test func whatAStageRestsOn() throws {
        let stages = [
            outcome("songs", outputs: ["out": hash("s")]),
            outcome("ridge", outputs: ["out": hash("r")], inputs: ["in": hash("s")]),
            outcome("svr", outputs: ["out": hash("v")], inputs: ["in": hash("s")]),
            outcome("score", inputs: ["in": hash("v")]),
        ]
        #expect(store.record(description("e", stages: ["songs", "ridge", "svr", "score"]), stages) == [])
        #expect(try store.details("e").upstream(of: "score").map(\.stage) == ["songs", "svr", "score"])
    }

    @Test func unknownRun() {
        #expect(throws: RunStoreError.unknownRun("nope", nearest: nil)) { try store.compare(["a", "nope"]) }
    }
}
