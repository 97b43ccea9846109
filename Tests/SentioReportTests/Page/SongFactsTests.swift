import SentioKit
import Testing

@testable import SentioReport

@Suite struct SongFactsTests {
    private func facts(_ attributes: [String: Value]) -> SongFacts {
        SongFacts(table: Table(columns: ["song_id", "valence", "arousal", "tempo"], rows: []), attributes: attributes)
    }

    @Test func everyDimensionMayHaveItsScale() {
        let mixed = facts([
            "dimensions": ["valence", "arousal", "tempo"], "scales": [[1, 9], [1, 9], [40, 220]],
        ])
        #expect(mixed.scale == nil && mixed.scale(of: "tempo") == 40...220)
        #expect(mixed.unit(of: "tempo") == 90 && mixed.unit(of: "valence") == 4)
        #expect(mixed.planeScale == 1...9 && mixed.middle == 5)
    }

    @Test func oneScaleLeavesErrorsAsTheyAre() {
        let uniform = facts(["dimensions": ["valence", "arousal"], "scale": [1, 9]])
        #expect(uniform.scale(of: "arousal") == 1...9 && uniform.unit(of: "valence") == 1 && !uniform.hasUnits)
        #expect(uniform.middle == 5)
        #expect(facts(["dimensions": ["valence", "arousal"], "scales": [[1, 9], [0, 1]]]).middle == nil)
    }
}
