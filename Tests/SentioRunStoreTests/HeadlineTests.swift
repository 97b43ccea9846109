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
                "test.valence.ccc": 0.4, "test.ccc": 0.5, "test.mse": 0.1, "test.r2": 0.2, "validation.ccc": 0.45,
                "test.ccc.low": 0.3,
                "test.baseline.ccc": 0, "test.songs": 9,
            ]
        ),
        ("network", ["validation.valence.ccc": 0.6]),
        ("score@fold=1", ["test.ccc": 0.7]),
        ("compared", ["ridge.ccc": 0.3, "baseline.ccc": 0]),
        ("sounds", ["sounds": 5]),
        ("plot", [:]),
    ]

    private func names(
        _ stages: [Stage], _ expected: [String] = [], about: RunHeadline? = nil, metric: String? = nil
    ) -> [String] {
        Headline.metrics(of: stages, expected: expected, about: about, metric: metric).map(\.name)
    }

    @Test func scoresOfTheLastStageWithTestSongs() {
        #expect(
            names(stages) == [
                "score.test.ccc", "score.test.r2", "score.validation.ccc", "score.test.valence.ccc", "score.test.mse",
                "score.test.songs",
            ])
        #expect(names([stages[2], stages[1]]).first == "ridge_score.test.ccc")
    }

    @Test func withoutTestSongsTheNextBestScores() {
        #expect(names([stages[0], stages[3], stages[5], stages[6]]) == ["network.validation.valence.ccc"])
        let stack: Stage = ("stack", ["out_of_fold.ridge.r2": 0.4, "weight.ridge": 1])
        #expect(names([stack, stages[3]]).first == "stack.out_of_fold.ridge.r2")
        #expect(names([stages[0], stages[5], stages[6]]) == ["compared.ridge.ccc"])
        #expect(names([stages[4], stages[5]]).first == "compared.ridge.ccc", "a copy speaks for a part of the run")
    }

    @Test func withoutScoresTheLastStageShortestNameFirst() {
        let split: Stage = ("split", ["songs.test": 99, "groups": 479])
        #expect(names([("ridge", ["alpha": 1]), split]) == ["split.groups", "split.songs.test"])
    }

    @Test func expectedComeFirst() {
        let expected = ["ridge.alpha<3", "score.test.valence.ccc >= 0.60"]
        #expect(
            names(stages, expected).prefix(4) == [
                "score.test.valence.ccc", "ridge.alpha", "score.test.ccc", "score.test.r2",
            ])
        // Who names a stage's score means that stage.
        #expect(names(stages, ["ridge_score.test.r2 > 0"]) == ["ridge_score.test.r2", "ridge_score.test.ccc"])
    }

    @Test func theDeclaredStageAndMetricGoFirst() {
        let about = RunHeadline(stage: "ridge_score", isDeclared: true)
        #expect(names(stages, about: about) == ["ridge_score.test.ccc", "ridge_score.test.r2"])
        let metric = RunHeadline(stage: "score", metric: "test.valence.ccc", baseline: "ridge_score", isDeclared: true)
        #expect(
            names(stages, about: metric).prefix(3) == ["score.test.valence.ccc", "score.test.ccc", "score.test.r2"])
        #expect(
            names(stages, ["ridge.alpha < 3"], about: about, metric: "network.validation.valence.ccc") == [
                "network.validation.valence.ccc", "ridge_score.test.ccc", "ridge_score.test.r2", "ridge.alpha",
            ])
        let absent = RunHeadline(stage: "gone", isDeclared: true)
        #expect(names(stages, about: absent).first == "score.test.ccc", "a run that did not come so far")
    }

    @Test func whatTheEngineChoseGoesBeforeTheLastOne() {
        #expect(names(stages, about: RunHeadline(stage: "ridge_score")).first == "ridge_score.test.ccc")
        #expect(
            names(stages, ["score.test.r2 > 0"], about: RunHeadline(stage: "ridge_score")).prefix(2) == [
                "score.test.r2", "score.test.ccc",
            ])
    }

    @Test func aBaselineSpeaksForNobody() {
        let stages: [Stage] = [
            ("score", ["validation.ccc": 0.4]), ("baseline_score", ["test.ccc": 0.1]),
            ("compared", ["baseline.ccc": 0]),
        ]
        #expect(names(stages) == ["score.validation.ccc"])
        #expect(
            names(stages, ["baseline_score.test.ccc < 1"]).first == "baseline_score.test.ccc", "unless it was named")
    }

    @Test func aRunThatDidNotComeToItsScoresHasNone() {
        #expect(names([stages[0], ("sounds", ["sounds": 5])], about: RunHeadline(stage: "score")).isEmpty)
        #expect(names([("plot", ["x": 1])], about: RunHeadline(stage: "plot", isDeclared: true)) == ["plot.x"])
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
            outcome("score", metrics: ["test.ccc": 0.5]),
            outcome("ridge", metrics: ["validation.ccc": 0.4, "test.ccc": 0.3]),
        ]
        var ofSweep = description("a")
        ofSweep.sweep = .init(id: "s", arm: "ratio=1")
        #expect(store.record(ofSweep, outcomes) == [] && store.record(description("b"), outcomes) == [])
        let runs = try store.runs()
        #expect(
            runs.map { $0.headline.map(\.name) } == [["score.test.ccc"], ["ridge.validation.ccc", "ridge.test.ccc"]])
        #expect(runs.map(\.arm) == [nil, "ratio=1"] && runs.map(\.sweep) == [nil, "s"])
    }

    /// What the run is about stands in the file: the process that marks a dead run never knew its pipeline.
    @Test func interruptedRunsKeepWhatTheyAreAbout() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        var run = description("a", processID: 7)
        run.headline = RunHeadline(stage: "ridge", metric: "test.r2", baseline: "score", isDeclared: true)
        let stages = [outcome("ridge", metrics: ["test.r2": 0.2]), outcome("score", metrics: ["test.ccc": 0.5])]
        #expect(store.record([.runStarted(run)] + stages.map(RunEvent.stageFinished)) == [])
        #expect(try store.markInterrupted() == ["a"])
        let summary = try store.runs()[0]
        #expect(summary.headline.map(\.name) == ["ridge.test.r2"] && summary.about == run.headline)
        #expect(try store.headline("a") == run.headline)
    }

    /// A run that the system ended has what its stages left.
    @Test func interruptedRunsHaveOneToo() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        #expect(
            store.record([
                .runStarted(description("a", processID: 7)),
                .stageFinished(outcome("score", metrics: ["test.ccc": 0.5])),
            ]) == [])
        #expect(try store.runs()[0].headline.isEmpty)
        #expect(try store.markInterrupted() == ["a"])
        #expect(try store.runs()[0].headline == [.init(name: "score.test.ccc", value: 0.5)])
    }
}
