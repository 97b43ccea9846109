import Foundation
import SentioKit
import SentioLearn
@testable import SentioRunStore
import Testing

@testable import SentioReport

@Suite struct ChartTests {
    private let nasty = "<b>\"&'\u{0}"

    private func check(_ chart: Chart, location: Testing.SourceLocation = #_sourceLocation) {
        #expect(WellFormed.fault(in: chart.html) == nil, sourceLocation: location)
        #expect(
            chart.svg.contains("role=\"img\"") && chart.svg.contains("<title ") && chart.svg.contains("<desc "), sourceLocation: location)
        #expect(!chart.html.contains("nan") && !chart.html.contains("inf "), sourceLocation: location)
        #expect(!chart.html.contains("<b>"), sourceLocation: location)
    }

    private func interval(_ value: Double) -> Interval { Interval(estimate: value, lower: value - 0.1, upper: value + 0.1) }

    @Test func scatterTellsTheFinding() {
        let chart = ScatterChart.chart(
            dimension: "arousal", songs: [nasty, "b", "c"], truth: [2, 5, 8], predicted: [4, 5, 6],
            score: [.r2: interval(0.55), .ccc: interval(0.6)], scale: 1...9, name: "x")
        check(chart)
        #expect(chart.title.hasPrefix("Arousal: predictions explain 55 % of the variance (R² 0.550 [0.45, 0.65], CCC 0.600)"))
        #expect(chart.title.hasSuffix("they spread 33 % as wide as the ratings."))
        let worse = ScatterChart.chart(
            dimension: "arousal", songs: ["a", "b"], truth: [2, 5], predicted: [5, 5], score: [.r2: interval(-0.2), .ccc: interval(0)],
            scale: nil, name: "x")
        #expect(worse.title.contains("no better than the mean"))
    }

    @Test func planeCountsQuadrants() {
        let songs = [
            RatingPlaneChart.Song(id: nasty, truth: (7, 7), predicted: (6, 6)),
            RatingPlaneChart.Song(id: "b", truth: (2, 2), predicted: (6, 2)),
        ]
        let chart = RatingPlaneChart.chart(songs, scale: 1...9, name: "x")
        check(chart)
        #expect(chart.title == "1 of 2 songs are predicted into the quadrant in which listeners put them.")
    }

    @Test func residualsCountEverySong() {
        let chart = ResidualChart.chart(dimension: "valence", residuals: [-2, -0.5, 0.1, 0.5, 3, 1, 1, 1], name: "x")
        check(chart)
        let counted = chart.svg.matches(of: #/: (\d+) songs?<\/title>/#).compactMap { Int($0.output.1) }.reduce(0, +)
        #expect(counted == 8)
        #expect(chart.title.contains("half of the songs are missed by less than 1.00, on average 0.51 too high"))
    }

    @Test func learningCurveNamesTheBestEpoch() throws {
        let lines = [
            SeriesChart.Line(name: "train", points: (1...5).map { SeriesPoint(step: $0, value: 1 / Double($0)) }),
            SeriesChart.Line(
                name: "validation", points: [0.9, 0.6, .nan, 0.5, 0.7].enumerated().map { SeriesPoint(step: $0 + 1, value: $1) }),
        ]
        let chart = try #require(
            SeriesChart.chart("ast, loss", measure: "loss", lines: lines, steps: "epoch", smallerIsBetter: true, name: "x"))
        check(chart)
        #expect(chart.title == "ast, loss: validation is best at epoch 4 (0.5); it ends at 0.7.")
        #expect(SeriesChart.chart("x", measure: "y", lines: [], steps: "epoch", smallerIsBetter: true, name: "x") == nil)
        let long = SeriesChart.Line(name: "train", points: (0..<10_000).map { SeriesPoint(step: $0, value: Double($0 % 7)) })
        let thin = try #require(SeriesChart.chart("x", measure: "y", lines: [long], steps: "step", smallerIsBetter: true, name: "x"))
        #expect(thin.svg.utf8.count < 20_000)
    }

    @Test func barsIntervalsAndDoses() throws {
        check(BarChart.chart(title: nasty, measure: "share (%)", bars: [(nasty, 12), ("b", 3)], name: "x"))
        check(
            IntervalChart.chart(
                title: "t", measure: "R²",
                rows: [.init(label: nasty, interval: interval(0.4)), .init(label: "b", interval: interval(-0.1), isPoint: true)],
                marks: [.init(text: "mean predictor", value: -0.02)], name: "x"))
        let doses = [0.0, 1, 2], arms = MadeArms.arms([0.2, 0.7, 0.6], replicates: 2, doses: doses)
        let aligned = try AlignedArms(arms)
        let response = try DoseResponse(
            metric: .ccc, doses: doses, truth: aligned.dimensions[0].truth, arms: aligned.dimensions[0].predicted,
            comparison: PairedComparison(resamples: 50, permutations: 50, seed: 1))
        check(DoseChart.chart(response, dimension: "valence", parameter: nasty, name: "x"))
    }

    @Test func graphFollowsContentAndJoinsCopies() {
        func stage(
            _ name: String, _ position: Int, inputs: [String: String] = [:], outputs: [String: String] = [:], state: String = "executed"
        ) -> StageDetails {
            StageDetails(
                stage: name, position: position, kind: "kind", state: state, seconds: 1, isLeakage: false, configuration: [:],
                inputs: inputs,
                outputs: outputs, metrics: [:], series: [:])
        }
        let chart = StageGraphDrawing.chart(
            [
                stage("songs", 0, outputs: ["labels": "a"]), stage("cv.ridge@fold=0", 1, inputs: ["labels": "a"], outputs: ["p": "b"]),
                stage("cv.ridge@fold=1", 2, inputs: ["labels": "a"], outputs: ["p": "c"], state: "cached"),
                stage("cv", 3, inputs: ["x": "b", "y": "c"], state: "failed"),
            ], name: "x")
        check(chart)
        #expect(chart.title == "4 stages: 2 executed, 1 cached, 1 failed.")
        #expect(chart.svg.contains("cv.ridge (kind, 1 cached, 1 executed) after songs; cv (kind, 1 failed) after cv.ridge"))
        #expect(chart.svg.components(separatedBy: "class=\"edge\"").count == 3)
    }
}
