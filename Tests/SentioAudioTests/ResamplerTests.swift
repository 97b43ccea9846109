import SentioAudio
import SentioNumerics
import Testing

/// Fixtures: tools/make_audio_fixtures.py (librosa.resample, soxr_hq).
struct ResamplerTests {
    @Test(arguments: [44_100, 48_000, 16_000])
    func equalsLibrosa(rate: Int) throws {
        let clip = AudioClip(samples: TestSignal.sweep(count: 4096), channels: 1, sampleRate: rate)
        let result = try Resampler(from: rate, to: 22_050).resample(clip)
        let reference = try TestSignal.array("resample-\(rate).npy").floats
        #expect(result.samples.count == reference.count && result.sampleRate == 22_050)
        for (a, b) in zip(result.samples, reference) { #expect(abs(a - b) < 1e-5) }
    }

    @Test func channelsStayApart() throws {
        let mono = AudioClip(samples: TestSignal.sweep(count: 3000), channels: 1, sampleRate: 44_100)
        let stereo = AudioClip(samples: mono.samples.flatMap { [$0, 0] }, channels: 2, sampleRate: 44_100)
        let one = try Resampler(from: 44_100, to: 22_050).resample(mono)
        let two = try Resampler(from: 44_100, to: 22_050).resample(stereo)
        #expect(two.frameCount == one.frameCount)
        for i in 0..<one.frameCount {
            #expect(abs(two.samples[2 * i] - one.samples[i]) < 1e-6 && two.samples[2 * i + 1] == 0)
        }
    }
}
