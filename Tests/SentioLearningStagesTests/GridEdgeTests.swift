import SentioKit
import Testing

@testable import SentioLearningStages

@Suite struct GridEdgeTests {
    private func warnings(
        _ edge: GridEdge, _ values: [Double], grid: [Double], names: [String] = ["valence", "arousal"]
    ) -> [String] {
        let services = RecordingServices()
        edge.check(zip(values, names).map { (value: $0, of: $1) }, grid: grid, services)
        return services.warnings
    }

    @Test func theEdgeTheGridAndTheCure() {
        #expect(
            warnings(GridEdge(parameter: "c"), [30, 3], grid: [30, 0.3, 1, 3, 10]) == [
                "The best `c` for valence is the largest value of its grid, 30 (0.3, 1, 3, 10, 30); a better one may lie beyond it. Add larger values to `c`."
            ])
        #expect(
            warnings(GridEdge(parameter: "alphas"), [0.5, 0.5], grid: [0.5, 1]) == [
                "The best `alphas` for valence and arousal is the smallest value of its grid, 0.5 (0.5, 1); a better one may lie beyond it. Add smaller values to `alphas`."
            ])
        #expect(warnings(GridEdge(parameter: "c"), [1, 3], grid: [1, 3]).count == 2)
    }

    @Test func inside() { #expect(warnings(GridEdge(parameter: "c"), [1, 2], grid: [0.5, 1, 2, 4]).isEmpty) }

    @Test func oneValueIsNoGrid() { #expect(warnings(GridEdge(parameter: "c"), [1, 1], grid: [1, 1]).isEmpty) }

    @Test func beyondWhatAParameterCanHaveIsNoEdge() {
        #expect(warnings(GridEdge(parameter: "alphas", least: 0), [0, 1], grid: [0, 1, 2]).isEmpty)
        #expect(warnings(GridEdge(parameter: "learning_rate", most: 1), [1, 1], grid: [0.1, 1]).isEmpty)
        #expect(warnings(GridEdge(parameter: "alphas", least: 0), [0.1, 1], grid: [0.1, 1, 2]).count == 1)
    }

    @Test func aLongGridIsCut() {
        let said = warnings(GridEdge(parameter: "rounds"), [900], grid: (1...9).map { Double($0) * 100 }, names: [""])
        #expect(
            said == [
                "The best `rounds` is the largest value of its grid, 900 (100, 200, 300, … 800, 900); a better one may lie beyond it. Add larger values to `rounds`."
            ])
    }
}
