import Foundation
import SentioAudio
import SentioNumerics
import Testing

struct SpectrogramTests {
    /// Fixture: tools/make_audio_fixtures.py (librosa melspectrogram and power_to_db, ref=max).
    @Test func logMelEqualsLibrosa() throws {
        let mel = try LogMelSpectrogram().compute(TestSignal.sweep())
        let reference = try TestSignal.array("signal.mel.npy")
        #expect([mel.bands, mel.frames] == reference.shape)
        for (a, b) in zip(mel.values, reference.floats) where b > -70 { #expect(abs(a - b) < 0.01) }
        #expect(mel.values.max() == 0 && (mel.values.min() ?? 0) >= -80)
    }

    @Test func aFixedReferenceKeepsLoudness() throws {
        let mel = try LogMelSpectrogram(.init(reference: .power(1)))
        let loud = try mel.compute(TestSignal.sweep())
        let quiet = try mel.compute(TestSignal.sweep().map { $0 / 10 })
        #expect(abs((loud.values.max() ?? 0) - (quiet.values.max() ?? 0) - 20) < 1e-3)
    }

    @Test func silenceIsConstantAndItsZScoreIsZero() throws {
        let mel = try LogMelSpectrogram().compute([Float](repeating: 0, count: 3000))
        #expect(mel.values.allSatisfy { $0 == 0 })
        #expect(mel.normalized(.zScore).values.allSatisfy { $0 == 0 })
        #expect(mel.normalized(.unit).values.allSatisfy { $0 == 0 })
    }

    @Test(arguments: [1, 2, 511, 512, 2047, 16 * 512 - 1, 16 * 512])
    func clipsOfAnyLengthHaveDefinedFrames(count: Int) throws {
        let mel = try LogMelSpectrogram().compute(Array(TestSignal.sweep(count: count)))
        #expect(mel.frames == 1 + count / 512)
        #expect(mel.values.allSatisfy { $0.isFinite })
    }

    @Test func aFrameIsTheWindowedTransform() throws {
        // a cosine at bin 8 of 64: the Hann window gives N/4 there and N/8 beside it
        let stft = try STFT(fftSize: 64, hopLength: 16)
        let x = (0..<256).map { Float(cos(2 * Double.pi * Double($0) / 8)) }
        let magnitude = stft.magnitude(x)
        for frame in 2..<14 {
            #expect(abs(magnitude.values[8 * magnitude.frames + frame] - 16) < 1e-3)
            #expect(abs(magnitude.values[7 * magnitude.frames + frame] - 8) < 1e-3)
            #expect(magnitude.values[20 * magnitude.frames + frame] < 1e-3)
        }
    }

    @Test func paddingIsTheFloorAndCroppingKeepsTheStart() {
        let spectrogram = Spectrogram(bands: 2, frames: 2, values: [-3, -1, -7, -2])
        #expect(spectrogram.fitted(frames: 3).values == [-3, -1, -7, -7, -2, -7])
        #expect(spectrogram.fitted(frames: 1).values == [-3, -7])
    }

    @Test func normalisations() {
        let spectrogram = Spectrogram(bands: 1, frames: 4, values: [1, 2, 3, 4])
        #expect(spectrogram.normalized(.unit).values == [0, 1 / 3, 2 / 3, 1])
        let z = spectrogram.normalized(.zScore).values
        #expect(abs(z[0] + 1.3416408) < 1e-6 && abs(z.reduce(0, +)) < 1e-6)
        #expect(spectrogram.normalized(.none) == spectrogram)
    }

    /// Wherever it lies, from the samples under its windows alone.
    @Test func anEncodersPatchIsThatOfTheWholeClip() throws {
        let encoder = try EncoderSpectrogram(), samples = (0..<100_000).map { Float(($0 * $0 / 37) % 200) / 400 - 0.25 }
        func patch(_ frame: Int, gain: Double = 0, of samples: [Float]) throws -> [Float] {
            try encoder.patch(from: frame, gain: gain, of: samples.count) { range in
                #expect(range.count <= 189 * 256)
                return Array(samples[range])
            }
        }
        func agree(_ found: [Float], _ expected: some Collection<Float>) -> Bool {
            found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 }
        }
        let size = EncoderSpectrogram.frames * EncoderSpectrogram.bands, whole = try encoder.patches(samples)
        #expect(whole.count == 2 && EncoderSpectrogram.frameCount(samples: samples.count) == 391)
        #expect(agree(try patch(0, of: samples), whole.values[..<size]))
        #expect(agree(try patch(187, of: samples), whole.values[size...]))
        // One frame on: all but the first.
        let later = try patch(1, of: samples)
        #expect(agree(Array(later.dropLast(96)), whole.values[96..<size]))
        // 20 dB are ten times the amplitude.
        #expect(
            agree(try patch(0, gain: 20, of: samples), try encoder.patches(samples.map { 10 * $0 }).values[..<size]))
        let short = Array(samples[..<16_000]), repeated = try encoder.patches(short).values
        #expect(agree(try patch(0, of: short), repeated))
        #expect(agree(Array(try patch(5, of: short).dropLast(5 * 96)), repeated.dropFirst(5 * 96)))
        var broken = samples
        broken[60_000] = .nan
        #expect(throws: AudioError.unusableSample(index: 60_000)) { try patch(187, of: broken) }
    }

    @Test func theSameInputGivesTheSameBits() throws {
        let mel = try LogMelSpectrogram()
        #expect(try mel.compute(TestSignal.sweep()) == mel.compute(TestSignal.sweep()))
    }
}
