import SentioLearn
import Testing

@Suite struct NoveltyLimitsTests {
    private func distances(_ count: Int) -> [TrainingSpread.Distance] {
        (1...count).map { TrainingSpread.Distance(overall: Double($0), largest: Double(2 * $0)) }
    }

    @Test func theLimitIsTheConformalQuantile() {
        // Rank ceil(201 x 0.99) of 200.
        #expect(NoveltyLimits(outOfFold: distances(200)) == NoveltyLimits(overall: 199, largest: 400))
    }

    @Test func ofFewSongsItIsTheFarthest() {
        #expect(NoveltyLimits(outOfFold: distances(20)) == NoveltyLimits(overall: 20, largest: 40))
        #expect(NoveltyLimits(outOfFold: []) == nil)
    }

    @Test func eitherLimitMarksASong() {
        let limits = NoveltyLimits(overall: 2, largest: 10)
        #expect(!limits.isExceeded(by: TrainingSpread.Distance(overall: 2, largest: 10)))
        #expect(limits.isExceeded(by: TrainingSpread.Distance(overall: 2.1, largest: 3)))
        #expect(limits.isExceeded(by: TrainingSpread.Distance(overall: 1, largest: 11)))
    }
}
