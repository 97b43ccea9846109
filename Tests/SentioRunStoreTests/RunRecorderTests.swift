import GRDB
import SentioKit
import Synchronization
import Testing

@testable import SentioRunStore

@Suite struct RunRecorderTests {
    /// What the end of a run says beside its stages.
    @Test func verdictAndWhatWasNotAskedAreKept() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        var first = description("a"), twin = outcome("score", .cached),
            end = RunOutcome(run: "a", status: .succeeded, seconds: 1, stages: [])
        first.headline = RunHeadline(stage: "score", isDeclared: true)
        first.stages[1] = .init(name: "cv.ridge@fold=0", kind: "ridge", after: [], row: "cv.ridge@fold=*", group: "cv")
        twin.sharedWith = "songs"
        end.verdict = "score is better."
        end.unchecked = ["score.test.ccc > 1", "score.test.r2 > 1"]
        let expectations = [true, false, false].map {
            SentioKit.Expectation(text: "x > 1", holds: $0, evidence: "x is 1")
        }
        let events: [RunEvent] =
            [
                .runStarted(first), .stageFinished(outcome("cv.ridge@fold=0")),
                .stageFinished(outcome("ridge@alpha=1")),
                .stageFinished(twin),
            ]
            + expectations.map(RunEvent.expectation)
            + [.warning(stage: "score", sentence: "Few songs."), .runFinished(end)]
        #expect(store.record(events) == [])
        let details = try store.details("a"), run = details.summary
        #expect(
            run.verdict == "score is better." && run.expectations == 3 && run.failedExpectations == 2
                && run.warnings == 1)
        #expect(details.unchecked == ["score.test.ccc > 1", "score.test.r2 > 1"])
        #expect(
            details.stages.map(\.copies).contains("cv.ridge@fold=*")
                && details.stages.last { $0.stage == "score" }?.sharedWith == "songs")
        #expect(details.stages.first { $0.stage == "ridge@alpha=1" }?.copies == nil)
        #expect(try store.warnings(["a"]) == [.init(stage: "score", sentence: "Few songs.")])
        #expect(try store.query("SELECT text FROM v_unchecked_expectations ORDER BY position").rows.count == 2)
        #expect(try store.query("SELECT headline_stage, verdict FROM v_runs").rows == [["score", "score is better."]])
    }

    /// The engine heard of the stage that had waited before it heard of the one that did the work.
    @Test func aStageThatAnotherOfTheRunHadDoneIsShared() throws {
        var maker = outcome("ridge"), twin = outcome("twin", .cached)
        (maker.key, twin.key) = (key("work"), key("work"))
        let stages = [outcome("songs", .cached), twin, maker]
        #expect(store.record(description("a", stages: ["songs", "twin", "ridge"]), stages) == [])
        #expect(try store.details("a").stages.map(\.sharedWith) == [nil, "ridge", nil])
        let end = RunOutcome(run: "a", status: .succeeded, seconds: 1, stages: stages)
        #expect(end.resolvingSharedStages.stages.map(\.sharedWith) == [nil, "ridge", nil])
    }

    /// As the run itself counts them, and `runs show`.
    @Test func aListCountsKindsOfWarnings() throws {
        let sentences = ["3 songs of `a` were left out.", "4 songs of `b` were left out.", "The grid ends there."]
        let warnings = sentences.flatMap {
            [RunEvent.warning(stage: "ridge", sentence: $0), .warning(stage: "score", sentence: $0)]
        }
        let end = RunEvent.runFinished(RunOutcome(run: "a", status: .succeeded, seconds: 1, stages: []))
        #expect(store.record([.runStarted(description("a"))] + warnings + [end]) == [])
        #expect(try store.runs().map(\.warnings) == [2])
        #expect(try WarningDigest(store.details("a").warnings).entries.count == 2)
    }

    /// Files of earlier versions do not say which stages are copies of one.
    @Test(arguments: [
        ("cv.ridge@fold=3", "cv.ridge@fold=*"),
        ("cv.blend.svr@fold=1,repeat=0,inner=2", "cv.blend.svr@fold=*,repeat=*,inner=*"),
        ("gan@seed=1", nil), ("score", nil), ("cv.ridge", nil),
    ])
    func copiesAreToldByTheirNames(stage: String, copies: String?) { #expect(StageDetails.copies(of: stage) == copies) }

    let folder: TemporaryFolder
    let store: RunStore

    init() throws {
        folder = try TemporaryFolder()
        store = try RunStore.open(path: folder.file(), probe: FakeProbe())
    }

    @Test func wholeRun() throws {
        let run = description(
            "20261123-010203-aaaa", name: "first",
            parameters: [
                .init(name: "frames", value: 256, origin: "phase1.yaml:4"),
                .init(name: "dataset", value: "demo", origin: "--set"),
            ],
            tags: ["kind": "smoke"], environment: ["git_commit": "abc", "git_dirty": true, "cores": 2])
        let table = hash("table"), model = hash("model")
        let settled = [
            outcome("songs", outputs: ["audio": table], configuration: ["source": "demo"]),
            outcome(
                "ridge", outputs: ["model": model], inputs: ["features": table], configuration: ["alpha": 1.0],
                metrics: ["alpha": 1],
                series: ["loss": [SeriesPoint(step: 0, value: 2), SeriesPoint(step: 1, value: 1)]]),
            outcome("score", .failed, metrics: [:], message: "No song is left."),
        ]
        let expectation = Expectation(text: "score.test.ccc >= 0.6", holds: false, evidence: "there is no such metric")
        let reports = store.record([
            .runStarted(run), .stageStarted(StageStart(stage: "songs", kind: "songs", reason: RunReason(.neverRun))),
            .stageProgress(StageProgress(stage: "songs", done: 1, total: 10)), .stageFinished(settled[0]),
            .stageStarted(
                StageStart(
                    stage: "ridge", kind: "ridge",
                    reason: RunReason(.parameter(name: "alpha", from: 2, to: 1, origin: "phase1.yaml:9")))),
            .series(stage: "ridge", name: "loss", step: 0, value: 2), .metric(stage: "ridge", name: "alpha", value: 1),
            .stageLog(stage: "ridge", line: "text"), .stageFinished(settled[1]),
            .warning(stage: "score", sentence: "Few songs."),
            .stageFinished(settled[2]), .expectation(expectation),
            .runFinished(
                RunOutcome(run: run.id, status: .failed, seconds: 3, stages: settled, expectations: [expectation])),
        ])
        #expect(reports == [])

        let details = try store.details(run.id)
        let summary = details.summary
        #expect(summary.status == .failed && summary.seconds == 3 && summary.endedAt == 1003 && summary.name == "first")
        #expect(
            [summary.stages, summary.executed, summary.cached, summary.failed, summary.skipped] == [3, 2, 0, 1, 0])
        #expect(
            summary.gitCommit == "abc" && summary.gitDirty == true && summary.host == "lab"
                && summary.tags == ["kind": "smoke"])
        #expect(summary.headline == [.init(name: "ridge.alpha", value: 1)])
        #expect(details.parameters == run.parameters.sorted { $0.name < $1.name })
        #expect(details.environment == run.environment && details.arguments == run.arguments)
        #expect(details.expectations == [expectation])
        #expect(details.warnings == [.init(stage: "score", sentence: "Few songs.")])
        #expect(details.stages.map(\.stage) == ["songs", "ridge", "score"])
        #expect(details.stages[0].items == ItemCounts(total: 10, executed: 9, cached: 1))
        let ridge = details.stages[1]
        #expect(
            ridge.state == "executed" && ridge.inputs == ["features": table.hex]
                && ridge.outputs == ["model": model.hex])
        #expect(ridge.configuration == ["alpha": 1.0] && ridge.metrics == ["alpha": 1] && ridge.series == ["loss": 2])
        #expect(ridge.key == key("ridge").hash.hex && ridge.reasonCode == "never-run")
        #expect(details.stages[2].message == "No song is left.")
        #expect(try store.series(run: run.id, stage: "ridge", name: "loss") == settled[1].series["loss"])
    }

    @Test func reasonOfTheStartIsKept() throws {
        var end = outcome("ridge")
        end.reason = nil
        _ = store.record([
            .runStarted(description("r1")),
            .stageStarted(StageStart(stage: "ridge", kind: "ridge", reason: RunReason(.forced))),
            .stageFinished(end),
        ])
        #expect(try store.query("SELECT reason_code, reason_text FROM v_stages").rows == [["forced", "forced"]])
    }

    @Test func cachedStagesShareOneResultAndHaveTheirMetrics() throws {
        let points = (0..<100).map { SeriesPoint(step: $0, value: Double($0)) }
        let ridge = outcome("ridge", outputs: ["model": hash("m")], metrics: ["mse": 0.5], series: ["loss": points])
        var cached = ridge
        cached.state = .cached
        cached.reason = nil
        #expect(store.record(description("r1"), [ridge]) == [])
        #expect(store.record(description("r2"), [cached]) == [])
        let metrics: [[Value]] = [["r1", "ridge", "mse", 0.5], ["r2", "ridge", "mse", 0.5]]
        #expect(try store.query("SELECT run, stage, name, value FROM v_metrics ORDER BY run").rows == metrics)
        #expect(try store.series(run: "r2", stage: "ridge", name: "loss") == points)
        #expect(try store.value("SELECT count(*) FROM series_points") == 100)
        #expect(try store.value("SELECT count(*) FROM v_lineage WHERE run = 'r2' AND direction = 'output'") == 1)
    }

    @Test func sameKeyWithOtherMetricsIsAnotherResult() throws {
        _ = store.record(description("r1"), [outcome("ridge", metrics: ["mse": 0.5])])
        _ = store.record(description("r2"), [outcome("ridge", metrics: ["mse": 0.25])])
        #expect(try store.query("SELECT value FROM v_metrics ORDER BY run").rows == [[0.5], [0.25]])
    }

    @Test func rerunThatFindsTheSameResultDropsItsOwn() throws {
        let ridge = outcome("ridge", metrics: ["mse": 0.5], series: ["loss": [SeriesPoint(step: 0, value: 1)]])
        for id in ["r1", "r2"] {
            _ = store.record([
                .runStarted(description(id)),
                .stageStarted(StageStart(stage: "ridge", kind: "ridge", reason: RunReason(.forced))),
                .series(stage: "ridge", name: "loss", step: 0, value: 1), .stageFinished(ridge),
            ])
        }
        #expect(try store.value("SELECT count(*) FROM stage_results") == 1)
        #expect(try store.series(run: "r2", stage: "ridge", name: "loss") == [SeriesPoint(step: 0, value: 1)])
    }

    @Test func failedStageKeepsWhatItSent() throws {
        _ = store.record([
            .runStarted(description("r1")),
            .stageStarted(StageStart(stage: "ridge", kind: "ridge", reason: RunReason(.neverRun))),
            .series(stage: "ridge", name: "loss", step: 0, value: .nan),
            .metric(stage: "ridge", name: "grad", value: .infinity),
            .stageFinished(outcome("ridge", .failed, message: "Diverged.")),
        ])
        #expect(try store.series(run: "r1", stage: "ridge", name: "loss").first?.value.isNaN == true)
        #expect(try store.details("r1").stages[0].metrics == ["grad": .infinity])
    }

    @Test func valuesAreVisibleBeforeTheStageEnds() throws {
        _ = store.record([
            .runStarted(description("r1")),
            .stageStarted(StageStart(stage: "ridge", kind: "ridge", reason: RunReason(.neverRun))),
            .metric(stage: "ridge", name: "mse", value: 3),
        ])
        #expect(try store.details("r1").stages.first?.state == "running")
        #expect(try store.query("SELECT name, value FROM v_metrics").rows == [["mse", 3.0]])
        #expect(try store.runs().first?.status == .running)
    }

    @Test func noEventIsLostWhicheverThreadSends() throws {
        let reports = Reports()
        let recorder = RunRecorder(store: store, interval: 0.001) { reports.add($0) }
        recorder.receive(.runStarted(description("r1")))
        for step in 0..<5000 {
            recorder.receive(.series(stage: "ridge", name: "loss", step: step, value: Double(step)))
        }
        recorder.finish()
        recorder.receive(.warning(stage: nil, sentence: "late"))
        recorder.finish()
        #expect(reports.all == [])
        #expect(try store.value("SELECT count(*) FROM series_points") == 5000)
        #expect(try store.value("SELECT sentence FROM v_warnings") == "late")
    }

    @Test func stageThatWasUnderWayWhenTheRunEndsIsInterrupted() throws {
        _ = store.record([
            .runStarted(description("r1")),
            .stageStarted(StageStart(stage: "ridge", kind: "ridge", reason: RunReason(.neverRun))),
            .runFinished(RunOutcome(run: "r1", status: .interrupted, seconds: 1, stages: [])),
        ])
        #expect(try store.details("r1").stages.first?.state == "interrupted")
    }

    @Test func eventsBeforeARunAreNoError() throws {
        #expect(store.record([.warning(stage: nil, sentence: "early")]) == [])
    }
}
