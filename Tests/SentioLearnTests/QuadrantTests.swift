import SentioLearn
import Testing

@Suite struct QuadrantTests {
    @Test func namesAndWords() {
        let quadrant = Quadrant(isHigh: [true, false], dimensions: ["valence", "arousal"])
        #expect(quadrant.name == "high-valence-low-arousal" && quadrant.text == "high valence, low arousal")
        #expect(quadrant < Quadrant(isHigh: [false, true], dimensions: ["valence", "arousal"]))
    }
}
