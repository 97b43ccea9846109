import SentioAudio
import SentioKit
import SentioNumerics
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioSongStages

/// `decode`, `mel-extract` and `handcrafted-features`: what the stages add to the maths, which has its own tests.
@Suite struct AudioStagesTests {
    let harness = StageHarness()

    /// 16-bit WAV of a sine, mono.
    static func wav(hertz: Double = 440, seconds: Double, rate: Int = 44_100, amplitude: Double = 0.5) -> [UInt8] {
        let count = Int(seconds * Double(rate))
        func bytes(_ number: Int, _ width: Int) -> [UInt8] {
            (0..<width).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        var out =
            Array("RIFF".utf8) + bytes(36 + 2 * count, 4) + Array("WAVEfmt ".utf8) + bytes(16, 4) + bytes(1, 2)
            + bytes(1, 2)
        out +=
            bytes(rate, 4) + bytes(2 * rate, 4) + bytes(2, 2) + bytes(16, 2) + Array("data".utf8) + bytes(2 * count, 4)
        var phase = 0.0
        for _ in 0..<count {
            phase += hertz / Double(rate)
            phase -= phase.rounded(.down)
            // A triangle wave: no library call, the same bytes everywhere.
            out += bytes(Int((amplitude * 32767 * (4 * abs(phase - 0.5) - 1)).rounded()), 2)
        }
        return out
    }

    func audio(_ files: [String: [UInt8]]) -> Manifest {
        Manifest(
            type: .audioFiles,
            entries: files.map { name, bytes in
                let blob = harness.store.write(bytes)
                return Manifest.Entry(id: AudioStagesTests.stem(name), file: name, blob: blob, sources: [blob.hash])
            })
    }
    static func stem(_ name: String) -> String { String(name.prefix { $0 != "." }) }

    func array(_ manifest: Manifest, _ id: String) throws -> NpyArray {
        try NpyFile.read(try harness.store.read(try #require(manifest.entry(id)).blob))
    }

    func waves(_ files: [String: [UInt8]], _ given: [String: Value] = [:]) throws -> Manifest {
        try harness.runItems(DecodeStage.self, with: given, port: "audio", audio(files))
    }

    @Test func decodesToMonoAtTheRateAskedFor() throws {
        let waves = try waves(["a.wav": Self.wav(seconds: 1)])
        #expect(waves.attributes == ["sample_rate": 22_050] && waves.type == "waveforms")
        let samples = try array(waves, "a")
        #expect(samples.shape == [22_050])
        if case .float32 = samples.values {} else { Issue.record("Waveforms are float32.") }
        #expect(
            try array(
                self.waves(["a.wav": Self.wav(seconds: 1)], ["sample_rate": 16_000, "offset": 0.25, "duration": 0.5]),
                "a"
            ).shape == [
                8000
            ])
    }

    @Test func decodesRealMP3() throws {
        let song = try DemoSongs.song(index: 0, count: 4)
        let samples = try array(try waves(["demo.mp3": song.mp3]), "demo")
        #expect(abs(Double(samples.count) / 22_050 - DemoSongs.seconds) < 0.2)
    }

    @Test func theContentDecidesNotTheName() throws {
        let song = try DemoSongs.song(index: 0, count: 4).mp3
        let wav = Self.wav(seconds: 0.1)
        let waves = try waves(["a.wav": song, "b.mp3": song, "c.mp3": wav, "d.wav": wav])
        #expect(try array(waves, "a") == array(waves, "b"))
        #expect(try array(waves, "c") == array(waves, "d"))
    }

    @Test func theHalfBandFilterIsAChoice() throws {
        let files = ["a.wav": Self.wav(seconds: 0.1)]
        let (exact, short) = (try array(waves(files), "a"), try array(waves(files, ["resampling": "half-band"]), "a"))
        #expect(exact.shape == short.shape && exact != short)
    }

    @Test(
        arguments: [
            ("text.mp3", Array("<html>404 Not Found</html>".utf8), "contains text, not audio"),
            ("empty.mp3", [], "is empty"),
            (
                "tag.mp3", Array("ID3".utf8) + [4, 0, 0, 0x7F, 0x7F, 0x7F, 0x7F] + [UInt8](repeating: 0, count: 64),
                "claims"
            ),
        ] as [(String, [UInt8], String)])
    func badFilesAreSentences(_ name: String, _ bytes: [UInt8], _ part: String) {
        #expect(sentence { _ = try waves([name: bytes]) }.contains(part))
    }

    @Test func truncatedAndTooLongAreSentences() throws {
        let song = try DemoSongs.song(index: 1, count: 4)
        #expect(
            sentence { _ = try waves(["cut.mp3": Array(song.mp3.prefix(song.mp3.count / 2))]) }.contains("declares"))
        #expect(
            sentence { _ = try waves(["a.wav": Self.wav(seconds: 2)], ["longest": 1]) }.contains(
                "longer than the limit"))
    }

    /// A phone's recording that somebody has called `.mp3`.
    @Test(
        arguments: [
            ([0, 0, 0, 28] + Array("ftypM4A ".utf8), "an MP4 file with AAC or ALAC audio (M4A)"),
            ([0xFF, 0xF1, 0x50, 0x80], "AAC audio"),
            ([0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11], "a Windows Media file (WMA)"),
        ] as [([UInt8], String)])
    func aFormatThatIsNotReadIsNamedWithTheCure(start: [UInt8], format: String) {
        #expect(
            sentence { _ = try waves(["3.mp3": start + Array(repeating: 0, count: 2000)]) }
                == "Whatever its name, the file is \(format), which is not supported. Convert it and delete the original: `ffmpeg -i '3.mp3' '3.flac'`."
        )
    }

    /// Two channels of one sound, the second turned round: little is left of their mean.
    static func cancelling() -> [UInt8] {
        var wav = wav(seconds: 0.5)
        let samples = Array(wav[44...])
        wav = Array(wav[..<44])
        wav[22] = 2
        for at in stride(from: 0, to: samples.count - 1, by: 2) {
            let sample = Int16(bitPattern: UInt16(samples[at]) | UInt16(samples[at + 1]) << 8)
            let turned = UInt16(bitPattern: -sample)
            wav += [samples[at], samples[at + 1], UInt8(turned & 255), UInt8(turned >> 8)]
        }
        for (field, value) in [(4, wav.count - 8), (40, wav.count - 44)] {
            for i in 0..<4 { wav[field + i] = UInt8(truncatingIfNeeded: value >> (8 * i)) }
        }
        wav[32] = 4
        return wav
    }

    @Test func whatIsOddAboutASoundIsAWarningOfTheItem() throws {
        let worker = try DecodeStage(try Configuration(DecodeStage.parameters, given: [:])).makeWorker(SharedInputs())
        let odd = Item(id: "3", bytes: ["audio": Self.cancelling()])
        _ = try worker.process(odd)
        #expect(odd.warnings.count == 1 && odd.warnings[0].hasPrefix("The channels cancel each other"))
        let plain = Item(id: "4", bytes: ["audio": Self.wav(seconds: 0.5)])
        _ = try worker.process(plain)
        #expect(plain.warnings.isEmpty)
    }

    /// librosa.filters.mel warns of the same bands; the numbers of empty rows are those of its matrix.
    @Test(arguments: [(512, 512, 214), (128, 2048, 0), (128, 256, 25), (40, 512, 0)])
    func melBandsWithoutABinAreSaid(bands: Int, size: Int, empty: Int) throws {
        let stage = try MelExtractStage(
            try Configuration(
                MelExtractStage.parameters, given: ["n_mels": .int(bands), "n_fft": .int(size), "hop_length": 128]))
        let said = stage.warnings(of: ["waveforms": ["sample_rate": 22_050]])
        #expect(said.isEmpty == (empty == 0))
        if empty > 0 { #expect(said.first?.hasPrefix("\(empty) of \(bands) mel bands are empty: ") == true, "\(said)") }
        #expect(stage.warnings(of: [:]).isEmpty)
    }

    @Test func theSameBandsBehindTheHandcraftedFeatures() throws {
        func said(_ given: [String: Value], _ rate: Int) throws -> [String] {
            try HandcraftedFeaturesStage(try Configuration(HandcraftedFeaturesStage.parameters, given: given)).warnings(
                of: ["waveforms": ["sample_rate": .int(rate)]])
        }
        #expect(try said([:], 22_050).isEmpty)
        let short = try said(["n_fft": 256, "hop_length": 128], 22_050)
        #expect(
            short.count == 2 && short[0].contains("mel bands of mfcc are empty")
                && short[1].contains("mel bands of onset_strength are empty"))
    }

    @Test func melHasTheShapeAskedForAndSaysHowItWasMade() throws {
        let waves = try waves(["a.wav": Self.wav(seconds: 1), "b.wav": Self.wav(hertz: 880, seconds: 3)])
        let mels = try harness.runItems(MelExtractStage.self, port: "waveforms", waves)
        #expect(try array(mels, "a").shape == [128, 44] && array(mels, "b").shape == [128, 130])
        #expect(
            mels.attributes["sample_rate"] == 22_050 && mels.attributes["hop_length"] == 512
                && mels.attributes["fmax"] == 8000.0)
        #expect(try array(mels, "a").floats.max() == 0 && array(mels, "a").floats.min()! >= -80)
        let fixed = try harness.runItems(
            MelExtractStage.self, with: ["frames": 100, "n_mels": 40], port: "waveforms", waves)
        #expect(try array(fixed, "a").shape == [40, 100] && array(fixed, "b").shape == [40, 100])
        #expect(mels.entries.map(\.sources) == waves.entries.map(\.sources))
    }

    @Test func paddingIsTheSongsOwnFloor() throws {
        let waves = try waves(["a.wav": Self.wav(seconds: 1)])
        let plain = try array(try harness.runItems(MelExtractStage.self, port: "waveforms", waves), "a").floats
        let padded = try array(
            try harness.runItems(MelExtractStage.self, with: ["frames": 60], port: "waveforms", waves), "a"
        ).floats
        for band in 0..<128 {
            #expect(Array(padded[band * 60..<band * 60 + 44]) == Array(plain[band * 44..<band * 44 + 44]))
            #expect(padded[band * 60 + 44..<band * 60 + 60].allSatisfy { $0 == plain.min() })
        }
    }

    @Test func normalisationIsOverTheSongNotItsPadding() throws {
        let waves = try waves(["a.wav": Self.wav(seconds: 1)])
        let scores = try array(
            try harness.runItems(
                MelExtractStage.self, with: ["frames": 60, "normalisation": "zscore"], port: "waveforms", waves), "a"
        ).floats
        var kept: [Double] = []
        for band in 0..<128 { for frame in 0..<44 { kept.append(Double(scores[band * 60 + frame])) } }
        let mean: Double = kept.reduce(0, +) / Double(kept.count)
        let squares: Double = kept.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
        let variance = squares / Double(kept.count)
        #expect(abs(mean) < 1e-5 && abs(variance - 1) < 1e-4)
        let unit = try array(
            try harness.runItems(MelExtractStage.self, with: ["normalisation": "unit"], port: "waveforms", waves), "a"
        )
        .floats
        #expect(unit.min() == 0 && unit.max() == 1)
    }

    @Test func aFixedReferenceKeepsHowLoudSongsAre() throws {
        let waves = try waves([
            "loud.wav": Self.wav(seconds: 1, amplitude: 0.8), "soft.wav": Self.wav(seconds: 1, amplitude: 0.08),
        ])
        func loudest(_ reference: Value, _ id: String) throws -> Float {
            try array(
                try harness.runItems(MelExtractStage.self, with: ["reference": reference], port: "waveforms", waves), id
            ).floats
                .max()!
        }
        #expect(try loudest("max", "loud") == loudest("max", "soft"))
        #expect(abs(try loudest(1, "loud") - loudest(1, "soft") - 20) < 0.1)
    }

    @Test func silenceAndVeryShortSongsHaveValues() throws {
        let waves = try waves(["silent.wav": Self.wav(seconds: 1, amplitude: 0), "short.wav": Self.wav(seconds: 0.01)])
        let mels = try harness.runItems(
            MelExtractStage.self, with: ["normalisation": "zscore", "frames": 8], port: "waveforms", waves)
        let features = try harness.runItems(HandcraftedFeaturesStage.self, port: "waveforms", waves)
        for id in ["silent", "short"] {
            #expect(try array(mels, id).floats.allSatisfy(\.isFinite))
            #expect(try array(features, id).doubles.allSatisfy(\.isFinite))
        }
    }

    @Test func featuresAreNamed() throws {
        let features = try harness.runItems(
            HandcraftedFeaturesStage.self, port: "waveforms", try waves(["a.wav": Self.wav(seconds: 1)]))
        let values = try array(features, "a")
        #expect(values.shape == [164])
        if case .float64 = values.values {} else { Issue.record("Features are float64.") }
        #expect(
            features.attributes["columns"]?.list?.count == 164
                && features.attributes["columns"]?.list?.first == "mfcc_1_mean")
    }

    @Test func settingsThatDoNotFitTheSoundAreSentences() throws {
        let waves = try waves(["a.wav": Self.wav(seconds: 1)], ["sample_rate": 8000])
        #expect(sentence { _ = try harness.runItems(MelExtractStage.self, port: "waveforms", waves) }.contains("8000"))
        #expect(
            sentence { _ = try harness.runItems(HandcraftedFeaturesStage.self, port: "waveforms", waves) }.contains(
                "16000"))
        var nameless = waves
        nameless.attributes = [:]
        #expect(
            sentence { _ = try harness.runItems(MelExtractStage.self, port: "waveforms", nameless) }.contains(
                "`sample_rate` is missing"))
        func problem(_ given: [String: Value]) -> String {
            sentence { _ = try MelExtractStage(try Configuration(MelExtractStage.parameters, given: given)) }
        }
        #expect(problem(["fmin": 9000]).hasPrefix("`fmin`: it must be below fmax, 8000 Hz"))
        #expect(problem(["hop_length": 4096]).hasPrefix("`hop_length`"))
        #expect(problem(["reference": -1]).contains("max or a number above 0"))
    }
}
