import SentioKit
import Testing

@testable import SentioReport

@Suite struct PictureTests {
    @Test func spectrogramsShrinkToAPhonesWidth() throws {
        let png = try #require(SpectrogramPicture.png((0..<8 * 1000).map { Float($0 % 97) }, bands: 8, frames: 1000))
        #expect(Array(png[16..<24]) == [0, 0, 1, 104, 0, 0, 0, 8])
        #expect(SpectrogramPicture.png([.nan, .nan], bands: 1, frames: 2) == nil)
        #expect(SpectrogramPicture.png([1, 1], bands: 1, frames: 2) != nil)
        #expect(SpectrogramPicture.png([1], bands: 1, frames: 2) == nil)
    }

    @Test func raterCeilingIsTheFormulas() throws {
        let songs = ["a", "b", "c", "d"], truth = [2.0, 4, 6, 8]
        let facts = SongFacts(
            table: Table(columns: ["song_id", "valence", "valence_std"], rows: songs.map { [$0, "1", "2"] }),
            attributes: ["dimensions": ["valence"], "scale": [1, 9]])
        let ceiling = try #require(RaterCeiling(dimension: "valence", songs: songs, truth: truth, facts: facts))
        // Error variance 4 / 10, variance of the ratings 5.
        #expect((ceiling.r2 - 0.92).magnitude < 1e-12 && (ceiling.pearson - 0.92.squareRoot()).magnitude < 1e-12)
        #expect((ceiling.ccc - 2 * 0.92 / (1.84 + 0.08)).magnitude < 1e-12)
        #expect(RaterCeiling(dimension: "arousal", songs: songs, truth: truth, facts: facts) == nil)
    }
}
