import SentioKit
import Testing

@testable import SentioReport

@Suite struct PictureTests {
    /// The bytes that Python's zlib and struct give for the same picture (`zlib.adler32`, `zlib.crc32`).
    @Test func aPNGOfFourPixels() {
        let bytes = PNGPicture.bytes(width: 2, height: 2, pixels: [0, 1, 1, 0], palette: [(0, 0, 0), (255, 128, 0)])
        let expected = """
            89504e470d0a1a0a0000000d49484452000000020000000208030000004568fd1600000006504c5445000000ff8000207c15\
            6900000011494441547801010600f9ff000001000100000c000348bb623b0000000049454e44ae426082
            """
        let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(hex == expected)
    }

    @Test func spectrogramsShrinkToAPhonesWidth() throws {
        let png = try #require(SpectrogramPicture.png((0..<8 * 1000).map { Float($0 % 97) }, bands: 8, frames: 1000))
        #expect(Array(png[16..<24]) == [0, 0, 1, 104, 0, 0, 0, 8])
        #expect(SpectrogramPicture.png([.nan, .nan], bands: 1, frames: 2) == nil)
        #expect(SpectrogramPicture.png([1, 1], bands: 1, frames: 2) != nil)
        #expect(SpectrogramPicture.png([1], bands: 1, frames: 2) == nil)
    }

    @Test func wavHasItsHeader() {
        let wav = WaveformClip.wav([0, 1, -1, .nan, 0.5], rate: 22_050)
        #expect(wav.count == 44 + 10)
        #expect(Array(wav[0..<4]) == Array("RIFF".utf8) && Array(wav[36..<40]) == Array("data".utf8))
        #expect(Array(wav[24..<28]) == [0x22, 0x56, 0, 0] && Array(wav[40..<44]) == [10, 0, 0, 0])
        #expect(Array(wav[44...]) == [0, 0, 0xFF, 0x7F, 0x01, 0x80, 0, 0, 0, 0x40])
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
