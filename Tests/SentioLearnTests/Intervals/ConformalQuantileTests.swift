import SentioLearn
import Testing

@Suite struct ConformalQuantileTests {
    @Test func ranksAreThoseOfExactFractions() throws {
        let fixture = try IntervalFixture.load()
        for expected in fixture.quantiles {
            let scores = Array(fixture.scores.prefix(expected.count))
            #expect(
                ConformalQuantile.of(scores, level: expected.level) == expected.value,
                "\(expected.count) scores, level \(expected.level)")
        }
    }

    @Test func aLevelNeedsAsManyScoresAsItsRank() throws {
        for expected in try IntervalFixture.load().needed {
            #expect(ConformalQuantile.needed(expected.level) == expected.count, "level \(expected.level)")
        }
        #expect(ConformalQuantile.needed(0.9) == 9 && ConformalQuantile.needed(0.999) == 999)
    }

    @Test func noScoresAreNoQuantile() {
        #expect(ConformalQuantile.of([], level: 0.5) == nil)
    }
}
