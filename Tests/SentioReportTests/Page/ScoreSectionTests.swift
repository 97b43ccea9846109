import SentioLearn
@testable import SentioRunStore
import Testing

@testable import SentioReport

@Suite struct ScoreSectionTests {
    private func stage(_ name: String, _ r2: Double, baseline: Double = -0.01, songs: Double = 9) -> StageDetails {
        var metrics = ["test.songs": songs]
        for dimension in ["valence", "arousal"] {
            metrics["test.\(dimension).r2"] = r2
            metrics["test.\(dimension).r2.low"] = r2 - 0.1
            metrics["test.\(dimension).r2.high"] = r2 + 0.1
            metrics["test.baseline.\(dimension).r2"] = baseline
        }
        return StageDetails(
            stage: name, position: 0, kind: "evaluate", state: "executed", seconds: 1, isLeakage: false,
            configuration: [:], inputs: [:],
            outputs: [:], metrics: metrics, series: [:])
    }

    @Test func setsAreTheNamesBetweenWithinAndTheMeasure() {
        var metrics = stage("a", 0.1).metrics
        metrics["test.valence.within.deam.mini.r2"] = 0.3
        metrics["test.valence.within.emotify.r2"] = 0.2
        metrics["test.valence.within.emotify.r2.low"] = 0.1
        metrics["test.valence.r2_within"] = 0.25
        metrics["test.r2_within"] = 0.25
        metrics["test.baseline.within.valence.r2"] = 0.05
        metrics["test.baseline.within.r2"] = 0.05
        let details = StageDetails(
            stage: "a", position: 0, kind: "evaluate", state: "executed", seconds: 1, isLeakage: false,
            configuration: [:], inputs: [:], outputs: [:], metrics: metrics, series: [:])
        let group = ScoreGroup.all([details], columns: [])[0]
        #expect(group.dimensions == ["valence", "arousal"])
        #expect(group.sets("valence") == ["deam.mini", "emotify"] && group.sets("arousal").isEmpty)
    }

    private func column(_ stage: String, _ songs: [String]) -> ScoredColumn {
        ScoredColumn(
            stage: stage, position: 0, set: "test", dimension: "valence", songs: songs, truth: songs.map { _ in 1 },
            predicted: songs.map { _ in 1 })
    }

    private func finding(_ scores: [Double]) -> String {
        let rows = scores.enumerated().map {
            IntervalChart.Row(label: "s\($0)", interval: Interval(estimate: $1, lower: $1 - 0.1, upper: $1 + 0.1))
        }
        return ScoreSection.finding(rows, dimension: "valence", baseline: 0)
    }

    @Test func whatIntervalsCanSupport() {
        #expect(finding([0.2, 0.5]) == "Valence: s1 has the highest R², 0.500; no other interval overlaps its own.")
        #expect(
            finding([0.4, 0.5])
                == "Valence: R² is highest for s1, 0.500, but the other interval overlaps its own, so this order may be due to chance."
        )
        #expect(
            finding([0.4, 0.5, 0.45])
                == "Valence: R² is highest for s1, 0.500, but all 2 other intervals overlap its own, so this order may be due to chance."
        )
        #expect(
            finding([0.1, 0.5, 0.45])
                == "Valence: R² is highest for s1, 0.500, but the intervals of 1 of the 2 others overlap its own, so it need not be the best."
        )
        #expect(finding([0.2]) == "Valence: R² 0.200 [0.10, 0.30], above the mean predictor.")
        #expect(finding([0.05]).hasSuffix("not significantly above the mean predictor."))
        #expect(finding([-0.05]).hasSuffix("no better than the mean predictor."))
    }

    @Test func stagesOfTheSameSongsStandTogether() {
        let stages = [stage("a", 0.1), stage("b", 0.2), stage("synthetic", 0.9)]
        let columns = [column("a", ["x", "y"]), column("b", ["y", "x"]), column("synthetic", ["p", "q"])]
        let groups = ScoreGroup.all(stages, columns: columns)
        #expect(groups.map { $0.stages.map(\.stage) } == [["a", "b"], ["synthetic"]])
        #expect(
            groups[0].dimensions == ["valence", "arousal"] && groups[0].words == "test songs" && groups[0].songs == 9)
        #expect(ScoreGroup.all([stage("a", 0.1), stage("b", 0.2, songs: 8)], columns: []).count == 2)
    }

    @Test func theMeanPredictorStandsOnce() {
        let same = ScoreGroup.all([stage("a", 0.1), stage("b", 0.2), stage("c", 0.3)], columns: [])[0]
        #expect(same.baselines("valence").map(\.stage) == ["a"])
        // Learnt from other songs, its mean is another one.
        let other = ScoreGroup.all([stage("a", 0.1), stage("b", 0.2, baseline: -0.2)], columns: [])[0]
        #expect(other.baselines("valence").map(\.stage) == ["a", "b"])
        let charts = ScoreSection.overview(same, ceilings: [], name: "x")
        #expect(charts.count == 2 && charts.allSatisfy { WellFormed.fault(in: $0.html) == nil })
    }
}
