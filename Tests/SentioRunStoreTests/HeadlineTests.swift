import SentioKit
import Testing

@testable import SentioRunStore

@Suite struct HeadlineTests {
    typealias Stage = (stage: String, metrics: [String: Double])

    let stages: [Stage] = [
        ("ridge", ["alpha": 1, "train.valence.ccc": 0.9]),
        ("ridge_score", ["test.ccc": 0.3, "test.r2": 0.1]),
        (
            "score",
            [
                "test.valence.ccc": 0.4, "test.ccc": 0.5, "test.mse": 0.1, "test.r2": 0.2, "validation.ccc": 0.45, "test.ccc.low": 0.3,
                "test.baseline.ccc": 0, "test.songs": 9,
            ]
        ),
        ("network", ["validation.valence.ccc": 0.6]),
        ("score@fold=1", ["test.ccc": 0.7]),
        ("compared", ["ridge.ccc": 0.3, "baseline.ccc": 0]),
        ("sounds", ["sounds": 5]),
        ("plot", [:]),
    ]

    private func names(_ stages: [Stage], _ expected: [String] = []) -> [String] {
        Headline.metrics(of: stages, expected: expected).map(\.name)
    }

    @Test func scoresOfTheLastStageWithTestSongs() {
        #expect(
            names(stages) == [
                "score.test.ccc", "score.test.r2", "score.validation.ccc", "score.test.valence.ccc", "score.test.baseline.ccc",
                "score.test.mse",
            ])
        #expect(names([stages[2], stages[1]]).first == "ridge_score.test.ccc")
    }

    @Test func withoutTestSongsTheNextBestScores() {
        #expect(names([stages[0], stages[3], stages[5], stages[6]]) == ["network.validation.valence.ccc"])
        let stack: Stage = ("stack", ["out_of_fold.ridge.r2": 0.4, "weight.ridge": 1])
        #expect(names([stack, stages[3]]).first == "stack.out_of_fold.ridge.r2")
        #expect(names([stages[0], stages[5], stages[6]]) == ["compared.ridge.ccc", "compared.baseline.ccc"])
        #expect(names([stages[4], stages[5]]).first == "compared.ridge.ccc", "a copy speaks for a part of the run")
    }

    @Test func withoutScoresTheLastStageShortestNameFirst() {
        let split: Stage = ("split", ["songs.test": 99, "groups": 479])
        #expect(names([("ridge", ["alpha": 1]), split]) == ["split.groups", "split.songs.test"])
    }

    @Test func expectedComeFirst() {
        let expected = ["ridge.alpha<3", "score.test.valence.ccc >= 0.60"]
        #expect(names(stages, expected).prefix(4) == ["score.test.valence.ccc", "ridge.alpha", "score.test.ccc", "score.test.r2"])
        // Who names a stage's score means that stage.
        #expect(names(stages, ["ridge_score.test.r2 > 0"]) == ["ridge_score.test.r2", "ridge_score.test.ccc"])
    }

    @Test func none() { #expect(names([("plot", [:])]).isEmpty) }

    /// What the author of the sweep looks at; the order is the pipeline's, not that in which stages ended.
    @Test func metricOfTheSweep() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        try store.declare(
            SweepDeclaration(
                id: "s", name: nil, pipeline: "phase1", file: "p.yaml", profile: nil,
                spec: ["metric": ["name": "ridge.validation.ccc", "goal": "maximize"]], declaredAt: 1,
                cells: [.init(arm: "ratio=1", replicate: 0, parameters: [.init(name: "ratio", value: 1)])]))
        let outcomes = [
            outcome("score", metrics: ["test.ccc": 0.5]), outcome("ridge", metrics: ["validation.ccc": 0.4, "test.ccc": 0.3]),
        ]
        var ofSweep = description("a")
        ofSweep.sweep = .init(id: "s", arm: "ratio=1")
        #expect(store.record(ofSweep, outcomes) == [] && store.record(description("b"), outcomes) == [])
        let runs = try store.runs()
        #expect(runs.map { $0.headline.map(\.name) } == [["score.test.ccc"], ["ridge.validation.ccc", "ridge.test.ccc"]])
        #expect(runs.map(\.arm) == [nil, "ratio=1"] && runs.map(\.sweep) == [nil, "s"])
    }

    /// A run that the system ended has what its stages left.
    @Test func interruptedRunsHaveOneToo() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        #expect(
            store.record([.runStarted(description("a", processID: 7)), .stageFinished(outcome("score", metrics: ["test.ccc": 0.5]))]) == [])
        #expect(try store.runs()[0].headline.isEmpty)
        #expect(try store.markInterrupted() == ["a"])
        #expect(try store.runs()[0].headline == [.init(name: "score.test.ccc", value: 0.5)])
    }
}
