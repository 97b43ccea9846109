import Foundation
import Testing

@testable import SentioReport

@Suite struct SequenceChartTests {
    private func lines(_ dimensions: [String]) -> [SequenceChart.Line] {
        dimensions.map { SequenceChart.Line(dimension: $0, truth: [0, 0.1, 0.2], predicted: [0.3, 0.4, 0.5]) }
    }

    @Test func theTitleSaysTheError() throws {
        let chart = try #require(
            SequenceChart.chart(
                "score, song <1>", times: [15, 15.5, 16], lines: lines(["valence", "arousal"]), scale: -1...1,
                name: "x"))
        #expect(chart.title == "score, song <1>: RMSE 0.30 in valence, 0.30 in arousal.")
        #expect(WellFormed.fault(in: chart.html) == nil && chart.legend.count == 5)
        // numpy: numpy.std([0, 0.1, 0.2]) = 0.08164965809277261
        #expect(
            chart.legend.last?.text
                == "Thin lines: the song's own mean rating, RMSE 0.08 in valence, 0.08 in arousal")
        #expect(chart.svg.components(separatedBy: "class=\"mean l").count == 3)
        #expect(chart.svg.contains("rating (-1 to 1)") || chart.svg.contains("rating (−1 to 1)"))
    }

    @Test func whatCannotBeDrawnIsLeftOut() throws {
        let three = try #require(
            SequenceChart.chart(
                "s", times: [1, 2, 3], lines: lines(["a", "b", "c"]), scale: nil, name: "x"))
        #expect(three.legend.last?.text == "1 more not shown")
        #expect(SequenceChart.chart("s", times: [], lines: lines(["a"]), scale: nil, name: "x") == nil)
        let broken = [SequenceChart.Line(dimension: "a", truth: [.nan, 0, 0], predicted: [0, 0, 0])]
        #expect(SequenceChart.chart("s", times: [1, 2, 3], lines: broken, scale: nil, name: "x") == nil)
    }
}
