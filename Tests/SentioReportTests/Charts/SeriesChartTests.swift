import SentioKit
@testable import SentioRunStore
import Testing

@testable import SentioReport

@Suite struct SeriesChartTests {
    private func line(_ name: String, _ values: [Double]) -> SeriesChart.Line {
        SeriesChart.Line(name: name, points: values.enumerated().map { SeriesPoint(step: $0 + 1, value: $1) })
    }

    private func chart(
        _ lines: [SeriesChart.Line], steps: SeriesChart.Steps = .init("epoch"),
        direction: SeriesChart.Direction? = .down
    ) throws -> Chart {
        let chart = try #require(
            SeriesChart.chart("s, m", measure: "m", lines: lines, steps: steps, direction: direction, name: "x"))
        #expect(WellFormed.fault(in: chart.html) == nil)
        return chart
    }

    @Test func validationNamesTheBestEpoch() throws {
        let train = line("train", (1...5).map { 1 / Double($0) })
        #expect(
            try chart([train, line("validation", [0.9, 0.6, .nan, 0.5, 0.7])]).title
                == "s, m: validation is best at epoch 4 (0.5); it ends at 0.7.")
        // In whatever order they come.
        #expect(
            try chart([line("validation", [0.9, 0.6]), train]).title
                == "s, m: validation is best at epoch 2 (0.6), the last.")
        #expect(
            try chart([train, line("validation", [0.1, 0.6, 0.2])], direction: .up).title
                == "s, m: validation is best at epoch 2 (0.6); it ends at 0.2.")
    }

    @Test func trainingAloneHasNoBest() throws {
        let rounds = SeriesChart.Steps("boosting round", axis: "boosting round (one tree each)")
        let alone = try chart([line("train", [2, 1, 0.5])], steps: rounds)
        #expect(
            alone.title
                == "s, m: train falls from 2 to 0.5 in 3 boosting rounds; without validation songs, the best boosting round is unknown."
        )
        #expect(alone.svg.contains(">boosting round (one tree each)</text>") && !alone.html.contains("epoch"))
    }

    @Test func whatTurnsNeitherRisesNorFalls() throws {
        #expect(
            try chart([line("", [1, 0, 3, 2])], direction: nil).title
                == "s, m: goes from 1 to 2 in 4 epochs (lowest 0 at 2, highest 3 at 3).")
        #expect(try chart([line("", [1, 2, 3])], direction: nil).title == "s, m: rises from 1 to 3 in 3 epochs.")
        #expect(try chart([line("train", [1])], direction: nil).title == "s, m: train is 1 after one epoch.")
    }

    @Test func nothingAndVeryMuch() throws {
        #expect(
            SeriesChart.chart("x", measure: "y", lines: [], steps: .init("epoch"), direction: .down, name: "x") == nil)
        #expect(try chart([line("train", (0..<10_000).map { Double($0 % 7) })]).svg.utf8.count < 20_000)
    }
}
