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
            chart.svg.contains("role=\"img\"") && chart.svg.contains("<title ") && chart.svg.contains("<desc "),
            sourceLocation: location)
        #expect(!chart.html.contains("nan") && !chart.html.contains("inf "), sourceLocation: location)
        #expect(!chart.html.contains("<b>"), sourceLocation: location)
    }

    private func interval(_ value: Double) -> Interval {
        Interval(estimate: value, lower: value - 0.1, upper: value + 0.1)
    }

    @Test func scatterTellsTheFinding() {
        let chart = ScatterChart.chart(
            dimension: "arousal", songs: [nasty, "b", "c"], truth: [2, 5, 8], predicted: [4, 5, 6],
            score: [.r2: interval(0.55), .ccc: interval(0.6)], scale: 1...9, name: "x")
        check(chart)
        #expect(
            chart.title.hasPrefix(
                "Arousal: predictions explain 55 % of the variance (R² 0.550 [0.45, 0.65], CCC 0.600)"))
        #expect(chart.title.hasSuffix("their standard deviation is 33 % of that of the ratings."))
        let worse = ScatterChart.chart(
            dimension: "arousal", songs: ["a", "b"], truth: [2, 5], predicted: [5, 5],
            score: [.r2: interval(-0.2), .ccc: interval(0)],
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
        #expect(
            chart.title
                == "1 of 2 songs are predicted in the quadrant of their ratings; the most common quadrant contains 1."
        )
    }

    @Test func residualsCountEverySong() {
        let chart = ResidualChart.chart(dimension: "valence", residuals: [-2, -0.5, 0.1, 0.5, 3, 1, 1, 1], name: "x")
        check(chart)
        let counted = chart.svg.matches(of: #/: (\d+) songs?<\/title>/#).compactMap { Int($0.output.1) }.reduce(0, +)
        #expect(counted == 8)
        #expect(chart.title.contains("median absolute error 1.00; predictions are on average 0.51 too high"))
    }

    @Test func uncertainFitsAreSaid() {
        let chart = ScatterChart.chart(
            dimension: "arousal", songs: ["a", "b"], truth: [2, 5], predicted: [5, 5],
            score: [.r2: Interval(estimate: 0.1, lower: -0.1, upper: 0.3), .ccc: interval(0)], scale: nil, name: "x")
        #expect(
            chart.title.contains("not significantly better than the mean of these songs (R² 0.100 [-0.10, 0.30]"),
            "\(chart.title)")
    }

    @Test func aDoseIsBestOnlyBeyondNoise() throws {
        func chart(_ gains: [Double]) throws -> Chart {
            let doses = [0.0, 1, 2], aligned = try AlignedArms(SyntheticArms.arms(gains, replicates: 3, doses: doses))
            let response = try DoseResponse(
                metric: .ccc, doses: doses, truth: aligned.dimensions[0].truth, arms: aligned.dimensions[0].predicted,
                comparison: PairedComparison(resamples: 200, permutations: 200, seed: 1))
            let chart = DoseChart.chart(response, dimension: "valence", parameter: "ratio", name: "x")
            check(chart)
            return chart
        }
        let clear = try chart([0.2, 0.8, 0.3])
        #expect(
            clear.title.hasPrefix("Valence CCC is best at ratio 1 (0.") && clear.title.contains("better than at 0."),
            "\(clear.title)")
        let least = try chart([0.8, 0.2, 0.1])
        #expect(least.title.hasPrefix("Valence CCC: no ratio above 0 is better (highest at 0, 0."), "\(least.title)")
        #expect(least.title.hasSuffix("; all are worse."), "\(least.title)")
        let flat = try chart([0.8, 0.8, 0.1])
        #expect(flat.title.hasPrefix("Valence CCC: no ratio ") && flat.title.contains("0"), "\(flat.title)")
        #expect(!flat.html.contains("is best at ratio 1"), "\(flat.html)")
        // The band spans the doses that are close to the best, on either side; where none or all are, there is none.
        let band = "class=\"band\""
        #expect(!clear.html.contains(band) && !least.html.contains(band) && flat.html.contains(band), "\(flat.html)")
        #expect(flat.html.contains("shaded: within noise of the best"))
        let level = try chart([0.5, 0.5, 0.5])
        #expect(!level.html.contains(band), "\(level.html)")
    }

    @Test func barsIntervalsAndDoses() throws {
        check(BarChart.chart(title: nasty, measure: "share (%)", bars: [(nasty, 12), ("b", 3)], name: "x"))
        check(
            IntervalChart.chart(
                title: "t", measure: "R²",
                rows: [
                    .init(label: nasty, interval: interval(0.4)),
                    .init(label: "b", interval: interval(-0.1), isPoint: true),
                ],
                marks: [.init(text: "mean predictor", value: -0.02)], name: "x"))
        let doses = [0.0, 1, 2], arms = SyntheticArms.arms([0.2, 0.7, 0.6], replicates: 2, doses: doses)
        let aligned = try AlignedArms(arms)
        let response = try DoseResponse(
            metric: .ccc, doses: doses, truth: aligned.dimensions[0].truth, arms: aligned.dimensions[0].predicted,
            comparison: PairedComparison(resamples: 50, permutations: 50, seed: 1))
        check(DoseChart.chart(response, dimension: "valence", parameter: nasty, name: "x"))
    }

    @Test func graphFollowsContentAndJoinsCopies() {
        func stage(
            _ name: String, _ position: Int, inputs: [String: String] = [:], outputs: [String: String] = [:],
            state: String = "executed"
        ) -> StageDetails {
            StageDetails(
                stage: name, position: position, kind: "kind", state: state, seconds: 1, isLeakage: false,
                configuration: [:],
                inputs: inputs,
                outputs: outputs, metrics: [:], series: [:])
        }
        let chart = StageGraphDrawing.chart(
            [
                stage("songs", 0, outputs: ["labels": "a"]),
                stage("cv.ridge@fold=0", 1, inputs: ["labels": "a"], outputs: ["p": "b"]),
                stage("cv.ridge@fold=1", 2, inputs: ["labels": "a"], outputs: ["p": "c"], state: "cached"),
                stage("cv", 3, inputs: ["x": "b", "y": "c"], state: "failed"),
            ], name: "x")
        check(chart)
        #expect(chart.title == "4 stages: 2 executed, 1 cached, 1 failed.")
        #expect(
            chart.svg.contains("cv.ridge (kind, 1 cached, 1 executed) after songs; cv (kind, 1 failed) after cv.ridge"))
        #expect(chart.svg.components(separatedBy: "class=\"edge\"").count == 3)
        #expect(!chart.html.contains("placed last"))
        let stopped = StageGraphDrawing.chart(
            [
                stage("songs", 0, outputs: ["labels": "a"]), stage("cv", 1, inputs: ["x": "a"], state: "failed"),
                stage("score", 2, state: "skipped"),
            ], name: "x")
        check(stopped)
        #expect(stopped.html.contains("placed last"))
    }
}
