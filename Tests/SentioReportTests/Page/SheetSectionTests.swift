import Testing

@testable import SentioReport

@Suite struct SheetSectionTests {
    @Test func sheetsAreSpreadAndEndWithTheLast() {
        #expect(SheetSection.spread(8, to: 4) == [1, 3, 5, 7] && SheetSection.spread(3, to: 4) == [0, 1, 2])
        #expect(SheetSection.spread(5, to: 4).last == 4 && SheetSection.spread(0, to: 4).isEmpty)
    }

    @Test func missingCellsAreOneSentenceAStatus() {
        let missing = [
            "ratio=2, replicate 0: failed", "ratio=0, replicate 1: not run yet", "path=a: b, replicate 1: not run yet",
        ]
        #expect(
            SweepArms.sentences(missing: missing) == [
                "Missing from the sweep: 1 cell failed (ratio=2, replicate 0).",
                "Missing from the sweep: 2 cells not run yet (ratio=0, replicate 1; path=a: b, replicate 1).",
            ])
        #expect(SweepArms.sentences(missing: []).isEmpty)
    }
}
