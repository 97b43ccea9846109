import SentioAudio
import SentioNumerics
import Testing

/// Every container, sample format, channel count and rate that the documentation promises (docs/audio.md).
struct FormatTests {
    private func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
        a.count == b.count ? zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } : .infinity
    }
    private let asItIs = AudioDecoder(.init(sampleRate: nil, mono: false))

    @Test(arguments: SoundFile.Container.allCases, SoundFile.Encoding.allCases)
    func samplesComeBack(container: SoundFile.Container, encoding: SoundFile.Encoding) throws {
        let samples = TestSignal.sweep(count: 600)
        let clip = try asItIs.decode(SoundFile(samples: samples, channels: 2, encoding: encoding).bytes(container))
        #expect(clip.channels == 2 && clip.sampleRate == 22_050 && clip.frameCount == 300)
        #expect(largestDifference(clip.samples, samples) <= 2 * encoding.step)
    }

    @Test(arguments: [8000, 11_025, 16_000, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000], [1, 2, 6])
    func ratesAndChannels(rate: Int, channels: Int) throws {
        // channel c is c + 1 times the first, so the mean is known
        let mono = TestSignal.sweep(count: rate / 20, rate: Double(rate))
        let samples = mono.flatMap { sample in (0..<channels).map { sample * Float($0 + 1) / Float(channels) } }
        let file = SoundFile(samples: samples, channels: channels, rate: rate, encoding: .f32).bytes(.wav)
        let native = try AudioDecoder(.init(sampleRate: nil)).decode(file)
        let mean = Float(channels + 1) / 2 / Float(channels)
        #expect(native.sampleRate == rate && largestDifference(native.samples, mono.map { $0 * mean }) < 1e-6)
        let clip = try AudioDecoder().decode(file)
        #expect(clip.channels == 1 && clip.sampleRate == 22_050)
        #expect(clip.frameCount == Int((Double(mono.count) * 22_050 / Double(rate)).rounded(.up)))
        #expect(try asItIs.decode(file).channels == channels)
    }

    @Test func flacOf24BitsAndOpusAreRead() throws {
        let flac = try asItIs.decode(TestSignal.bytes("stereo-24.flac"))
        #expect(flac.channels == 2 && flac.sampleRate == 96_000)
        #expect(largestDifference(flac.samples, TestSignal.sweep(count: 2000)) < 0x1p-22)
        let opus = try asItIs.decode(TestSignal.bytes("sweep.opus"))
        #expect(opus.channels == 1 && opus.sampleRate == 48_000)
        // gapless: as many frames as were encoded, in their place
        #expect(try largestDifference(opus.samples, TestSignal.array("sweep.opus.npy").floats) < 1e-4)
    }

    @Test func halfTheRateByTheHalfBandFilter() throws {
        let samples = TestSignal.sweep(count: 9001, rate: 44_100)
        let stereo = samples.flatMap { [$0, -$0 / 2] }
        func decode(_ samples: [Float], channels: Int, rate: Int = 44_100, mono: Bool = false) throws -> AudioClip {
            try AudioDecoder(.init(mono: mono, resampling: .halfBand)).decode(
                SoundFile(samples: samples, channels: channels, rate: rate, encoding: .f32).bytes(.wav))
        }
        let reference = try TestSignal.array("half-band.npy").floats
        let one = try decode(samples, channels: 1)
        #expect(one.sampleRate == 22_050 && largestDifference(one.samples, reference) < 1e-6)
        let two = try decode(stereo, channels: 2)
        #expect(
            largestDifference(stride(from: 0, to: two.samples.count, by: 2).map { two.samples[$0] }, reference) < 1e-6)
        #expect(
            largestDifference(stride(from: 1, to: two.samples.count, by: 2).map { -2 * two.samples[$0] }, reference)
                < 1e-6)
        // another ratio is libsoxr's
        let other = SoundFile(samples: samples, rate: 48_000, encoding: .f32).bytes(.wav)
        #expect(try decode(samples, channels: 1, rate: 48_000) == AudioDecoder().decode(other))
        #expect(try decode([0.5], channels: 1).frameCount == 1)
    }

    /// Mel bands up to 8 kHz cannot tell the half-band filter from libsoxr: the promise of its documentation.
    @Test func theHalfBandFilterKeepsMelBands() throws {
        let file = SoundFile(samples: TestSignal.sweep(count: 66_150, rate: 44_100), rate: 44_100, encoding: .f32)
            .bytes(.wav)
        let mel = try LogMelSpectrogram()
        let exact = try mel.compute(AudioDecoder().decode(file).samples)
        let short = try mel.compute(AudioDecoder(.init(resampling: .halfBand)).decode(file).samples)
        #expect(exact.frames == short.frames)
        for (a, b) in zip(exact.values, short.values) where a > -70 { #expect(abs(a - b) < 0.05) }
    }

    /// A level that a tag recommends is no sound: loudness is a cue of arousal.
    @Test func replayGainChangesNothing() throws {
        let plain = try MP3Encoder.encode(TestSignal.sweep(count: 30_000), sampleRate: 22_050)
        let clip = try AudioDecoder().decode(plain)
        // the LAME tag behind the Info header: peak, then radio and audiophile gain of -12.7 dB
        let info = try #require(
            (0..<200).first { plain[$0...].starts(with: "Info".utf8) || plain[$0...].starts(with: "Xing".utf8) })
        var lame = plain
        let peak = info + 120 + 11
        lame.replaceSubrange(peak..<(peak + 8), with: [0, 0x40, 0, 0, 0x2E, 0x7F, 0x4E, 0x7F])
        #expect(try AudioDecoder().decode(lame) == clip)
        // ID3v2 frames TXXX and RVA2 with -12 dB
        let gain =
            Array("TXXX".utf8) + [0, 0, 0, 32, 0, 0] + [0] + Array("replaygain_track_gain".utf8) + [0]
            + Array("-12.00 dB".utf8)
        let rva = Array("RVA2".utf8) + [0, 0, 0, 11, 0, 0] + Array("track".utf8) + [0, 1, 0xE8, 0, 0, 0]
        let id3 = Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, UInt8(gain.count + rva.count)] + gain + rva
        #expect(try AudioDecoder().decode(id3 + plain) == clip)
    }
}
