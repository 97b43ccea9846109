import SentioKit
import SentioNumerics
import SentioSongStages
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioNetworkStages

@Suite struct SonifyStageTests {
    let harness = StageHarness()

    @Test func spectrogramsBecomeSound() throws {
        let study = try GANStudy(harness, frames: { _ in 20 })
        let audio = try #require(
            try harness.run(
                SonifyStage.self, with: ["count": 3, "iterations": 2, "mel_iterations": 8],
                inputs: ["spectrograms": study.study.spectrograms])["audio"])
        #expect(
            audio.entries.map(\.file) == ["song-100.wav", "song-105.wav", "song-110.wav"]
                && audio.attributes["sample_rate"]?.int == 8000)
        // A song's sound is the song's.
        #expect(audio.entries[0].sources == [StageHarness.song("song-100")] && audio.fittedSets.isEmpty)
        let bytes = try harness.store.read(audio.entries[0].blob)
        #expect(bytes.starts(with: Array("RIFF".utf8)) && bytes.count == 44 + 2 * 19 * 128)
        // It can be read again.
        let decoded = try harness.runItems(DecodeStage.self, with: ["sample_rate": 8000], port: "audio", audio)
        #expect(try NpyFile.read(try harness.store.read(decoded.entries[0].blob)).shape == [19 * 128])
    }

    @Test(
        arguments: [
            (["ids": ["nobody"]], [:], "`ids` names nobody"),
            ([:], ["normalisation": "zscore"], "`normalisation: zscore`"),
            ([:], ["hop_length": nil], "lack the attribute `hop_length`"), ([:], ["n_mels": 8], "16 mel bands where"),
        ] as [([String: Value], [String: Value], String)])
    func whatCannotBeHeardIsASentence(_ given: [String: Value], _ attributes: [String: Value], _ words: String) throws {
        var study = try GANStudy(harness)
        study.study.spectrograms.attributes.merge(attributes) { $1 }
        let found = sentence {
            _ = try harness.run(SonifyStage.self, with: given, inputs: ["spectrograms": study.study.spectrograms])
        }
        #expect(found.contains(words), "\(found)")
    }
}
