import Testing

@testable import SentioReport

@Suite struct AxisTests {
    @Test func ticksAreRoundAndCoverTheData() {
        let axis = Axis("", covering: 0.13, 0.87, count: 5)
        #expect(axis.ticks.map(axis.label) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
        #expect(axis.low == 0 && axis.high == 1)
        let wide = Axis("", covering: -37, 1210, count: 5)
        #expect(wide.ticks.map(wide.label) == ["-500", "0", "500", "1000", "1500"])
        let small = Axis("", covering: 0.0012, 0.0031, count: 4)
        #expect(small.ticks.map(small.label).first == "0.0010" && small.low <= 0.0012 && small.high >= 0.0031)
    }

    @Test func aConstantHasRoom() {
        let axis = Axis("", covering: 3, 3)
        #expect(axis.low < 3 && axis.high > 3 && axis.ticks.count >= 3)
        #expect(Axis("", covering: .nan, 1).low == 0)
    }

    @Test func partsRunFromLowToHigh() {
        let axis = Axis("", covering: 1, 9, count: 8)
        #expect(axis.ticks == [1, 2, 3, 4, 5, 6, 7, 8, 9])
        #expect(axis.part(1) == 0 && axis.part(5) == 0.5 && axis.part(9) == 1)
    }
}
