import SentioBase
import Testing

@Suite struct WAVFileTests {
    @Test func headerAndSamples() {
        let wav = WAVFile.bytes([0, 1, -1, .nan, 0.5, 7], sampleRate: 22_050)
        #expect(wav.count == 44 + 12)
        #expect(Array(wav[0..<4]) == Array("RIFF".utf8) && Array(wav[36..<40]) == Array("data".utf8))
        #expect(Array(wav[24..<28]) == [0x22, 0x56, 0, 0] && Array(wav[40..<44]) == [12, 0, 0, 0])
        #expect(Array(wav[44...]) == [0, 0, 0xFF, 0x7F, 0x01, 0x80, 0, 0, 0, 0x40, 0xFF, 0x7F])
    }

    /// As `sonify` has always written them.
    @Test func towardZero() {
        let wav = WAVFile.bytes([0.5, -0.5], sampleRate: 8000, rounding: .towardZero)
        #expect(Array(wav[44...]) == [0xFF, 0x3F, 0x01, 0xC0])
    }
}
