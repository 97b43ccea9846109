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

    /// The middle of a song sounds like the same frames as a spectrogram of their own.
    @Test func framesAreThoseFromTheMiddle() throws {
        var study = try GANStudy(harness, frames: { _ in 21 })
        let id = study.study.spectrograms.entries[0].id
        func sound(_ given: [String: Value]) throws -> [UInt8] {
            let settings: [String: Value] = ["ids": [.string(id)], "iterations": 2, "mel_iterations": 8]
            let audio = try #require(
                try harness.run(
                    SonifyStage.self, with: settings.merging(given) { $1 },
                    inputs: ["spectrograms": study.study.spectrograms])["audio"])
            return try harness.store.read(audio.entries[0].blob)
        }
        let part = try sound(["frames": 16]), whole = try sound([:])
        let values = try NpyFile.read(try harness.store.read(study.study.spectrograms.entries[0].blob)).floats
        let cut = (0..<16).flatMap { band in values[band * 21 + 2..<band * 21 + 18] }
        study.study.replace(id, NpyFile.write(NpyArray(cut, shape: [16, 16])))
        #expect(try sound([:]) == part && part.count == 44 + 2 * 15 * 128 && whole.count == 44 + 2 * 20 * 128)
    }

    @Test(
        arguments: [
            (["frames": 30], [:], "has 17 frames, fewer than `frames`, 30"),
            (["frames": 1], [:], "`frames: 1` is only"),
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
