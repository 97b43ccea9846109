import SentioLearn
import Testing

@Suite struct HolmAdjustmentTests {
    @Test func asNumPyHasIt() throws {
        let holm = try ComparisonFixture.load().holm
        #expect(difference(HolmAdjustment.adjusted(holm.p), holm.adjusted) < 1e-15)
    }

    @Test func whatIsNoTestDoesNotCount() {
        let adjusted = HolmAdjustment.adjusted([0.01, .nan, 0.04])
        #expect(adjusted[0] == 0.02 && adjusted[1].isNaN && adjusted[2] == 0.04)
        #expect(HolmAdjustment.adjusted([]) == [])
    }
}
