import SentioAudio
import SentioNumerics
import Testing

struct AudioDecoderTests {
    private func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
        a.count == b.count ? zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } : .infinity
    }

    @Test func aStereoMP3EqualsLibrosa() throws {
        let clip = try AudioDecoder().decode(TestSignal.bytes("stereo.mp3"))
        #expect(clip.channels == 1 && clip.sampleRate == 22_050)
        #expect(try largestDifference(clip.samples, TestSignal.array("stereo.wave.npy").floats) < 1e-5)
    }

    @Test func aPartEqualsLibrosa() throws {
        let clip = try AudioDecoder(.init(offset: 0.1, duration: 0.2)).decode(TestSignal.bytes("stereo.mp3"))
        #expect(try largestDifference(clip.samples, TestSignal.array("stereo.part.npy").floats) < 1e-5)
    }

    @Test func nativeRateAndChannelsAreKept() throws {
        let clip = try AudioDecoder(.init(sampleRate: nil, mono: false)).decode(TestSignal.bytes("stereo.mp3"))
        #expect(clip.channels == 2 && clip.sampleRate == 44_100 && clip.frameCount == 22_050)
    }

    @Test func aWAVComesBackAsItWas() throws {
        let samples = TestSignal.sweep(count: 5000)
        let clip = try AudioDecoder().decode(TestSignal.wav(samples))
        #expect(largestDifference(clip.samples, samples) < 1 / 32_000)
    }

    @Test func losslessFLACAndLossyOggAreRead() throws {
        let flac = try AudioDecoder().decode(TestSignal.bytes("sweep.flac"))
        #expect(largestDifference(flac.samples, TestSignal.sweep(count: 3000)) < 1 / 32_000)
        let tag: [UInt8] = Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0]
        #expect(try AudioDecoder().decode(tag + TestSignal.bytes("sweep.flac")) == flac)
        let ogg = try AudioDecoder().decode(TestSignal.bytes("sweep.ogg"))
        #expect(try largestDifference(ogg.samples, TestSignal.array("sweep.ogg.npy").floats) < 1e-5)
    }

    @Test func aWAVIsMixedToTheMeanOfItsChannels() throws {
        let clip = try AudioDecoder().decode(TestSignal.wav([0.5, -0.25, 0.25, 0.25, 0, 0.75], channels: 3))
        #expect(largestDifference(clip.samples, [0.5 / 3, 1.0 / 3]) < 1e-4)
    }

    @Test func gaplessMP3HasTheSampleCountThatWasEncoded() throws {
        let samples = TestSignal.sweep(count: 30_000)
        let clip = try AudioDecoder().decode(MP3Encoder.encode(samples, sampleRate: 22_050))
        #expect(clip.frameCount == 30_000)
        // the 220 Hz tone is aligned: lossy coding changes samples a little, a shift would change them a lot
        var error: Float = 0
        var energy: Float = 0
        for (a, b) in zip(clip.samples, samples) {
            error += (a - b) * (a - b)
            energy += b * b
        }
        #expect(error < 0.05 * energy)
    }

    @Test func aLimitIsAnErrorButADurationIsNot() throws {
        let wav = TestSignal.wav(TestSignal.sweep(count: 22_050))
        #expect(throws: AudioError.tooLong(limitSeconds: 0.5)) {
            try AudioDecoder(.init(maximumSeconds: 0.5)).decode(wav)
        }
        #expect(try AudioDecoder(.init(duration: 0.25, maximumSeconds: 0.5)).decode(wav).frameCount == 5512)
        #expect(throws: AudioError.offsetBeyondEnd(offsetSeconds: 2, lengthSeconds: 1)) {
            try AudioDecoder(.init(offset: 2)).decode(wav)
        }
    }
}
