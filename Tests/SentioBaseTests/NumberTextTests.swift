import SentioBase
import Testing

@Suite struct NumberTextTests {
    @Test func decimals() {
        #expect(NumberText.short(9) == "9" && NumberText.short(0.1) == "0.1" && NumberText.short(.infinity) == "inf")
        #expect(NumberText.rounded(0.25, to: 3) == "0.25" && NumberText.rounded(2.0004, to: 3) == "2.0")
        #expect(NumberText.three(2) == "2.000" && NumberText.three(-0.0001) == "-0.000")
        #expect(
            NumberText.fixed(-0.0004, 3) == "0.000" && NumberText.fixed(2.0005, 3) == "2.001"
                && NumberText.fixed(-2.5, 0) == "-3")
        #expect(
            NumberText.fixed(12_345.05, 2) == "12345.05"
                && NumberText.fixed(-12_345.05, 1, isGrouped: true) == "-12,345.1")
        #expect(NumberText.fixed(1e20, 3) == "1e+20" && NumberText.fixed(.nan, 3) == "nan")
    }

    @Test func wholeNumbers() {
        #expect(
            [0, 1234, -1234, 12_345, -123_456, 1_234_567].map { NumberText.grouped($0) } == [
                "0", "1234", "-1234", "12,345", "-123,456", "1,234,567",
            ])
        #expect(NumberText.padded(7, to: 3) == "007" && NumberText.padded(1234, to: 3) == "1234")
        #expect(NumberText.count(1, "song") == "1 song" && NumberText.count(12_345, "song") == "12345 songs")
    }
}

@Suite struct DurationTextTests {
    @Test(arguments: [
        (0, "0 ms"), (0.004, "4 ms"), (0.4, "0.40 s"), (1.25, "1.3 s"), (12.4, "12 s"), (59.6, "1 min 00 s"),
        (185, "3 min 05 s"),
        (7800, "2 h 10 min"), (-1, "–"), (.nan, "–"), (.infinity, "–"),
    ])
    func measured(_ seconds: Double, _ text: String) { #expect(DurationText.measured(seconds) == text) }

    @Test(arguments: [
        (0.5, "0.5 s"), (45, "45 s"), (119, "119 s"), (120, "2 min"), (150, "2.5 min"), (7200, "2 h"), (5400, "90 min"),
    ])
    func limits(_ seconds: Double, _ text: String) { #expect(DurationText.limit(seconds) == text) }
}
