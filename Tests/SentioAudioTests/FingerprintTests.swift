import SentioNumerics
import Testing

@testable import SentioAudio

@Suite struct FingerprintTests {
    static let rate = 22_050
    let comparison = FingerprintComparison()

    /// Samples of a demo song, 12 s.
    static func song(_ index: Int) throws -> [Float] {
        try AudioDecoder().decode(try DemoSongs.song(index: index, count: 60).mp3).samples
    }

    static func fingerprint(_ samples: [Float], rate: Int = rate) throws -> AcousticFingerprint {
        try Fingerprinter(sampleRate: rate).fingerprint(samples)
    }

    /// With white noise of a fraction of the sound's root mean square: 0.1 is 20 dB below it.
    static func noisy(_ samples: [Float], fraction: Double) -> [Float] {
        let power = samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(samples.count)
        // The power of uniform noise is a third of its peak's square.
        let peak = (3 * power).squareRoot() * fraction
        var state: UInt32 = 7
        return samples.map { sample in
            state = state &* 1_664_525 &+ 1_013_904_223
            return sample + Float(peak * (Double(state >> 8) / 8_388_608 - 1))
        }
    }

    /// The words of tools/make_fingerprint_fixtures.py, computed by NumPy in float64. Bits of faint bands depend on the
    /// precision of the transform; those in the mask do not.
    @Test func reliableBitsAreThoseOfNumPy() throws {
        let own = try Self.fingerprint(TestSignal.sweep())
        guard case .int64(let packed) = try TestSignal.array("fingerprint.npy").values else {
            Issue.record("the fixture is int64")
            return
        }
        let other = AcousticFingerprint(packed: packed)
        try #require(own.count == other.count && own.count == 48)
        var wrong = 0, moved = 0, reliable = 0
        for frame in 0..<own.count {
            reliable += other.masks[frame].nonzeroBitCount
            wrong += ((own.words[frame] ^ other.words[frame]) & other.masks[frame]).nonzeroBitCount
            moved += (own.masks[frame] ^ other.masks[frame]).nonzeroBitCount
        }
        #expect(reliable == 48 * 16)
        #expect(wrong == 0, "\(wrong) of \(reliable) reliable bits differ")
        #expect(moved <= 8, "\(moved) bits are reliable here and not there")
    }

    @Test func packingKeepsEveryBit() throws {
        let own = try Self.fingerprint(TestSignal.sweep())
        #expect(AcousticFingerprint(packed: own.packed) == own)
        let edge = AcousticFingerprint(words: [0, .max, 1 << 31], masks: [.max, 0, 1 << 31])
        #expect(AcousticFingerprint(packed: edge.packed) == edge)
    }

    /// Demo songs are purer than music: of some, noise at 10 dB or 32 kbit/s hides what is faint. This one is loud.
    @Test func encodingLevelNoiseAndRateChangeLittle() throws {
        let samples = try Self.song(14), original = try Self.fingerprint(samples)
        let encoded = try AudioDecoder().decode(
            try MP3Encoder.encode(samples, sampleRate: Self.rate, kilobitsPerSecond: 32)
        ).samples
        let slow = try Resampler(from: Self.rate, to: 16_000).resample(
            AudioClip(samples: samples, channels: 1, sampleRate: Self.rate)
        ).samples
        let copies: [(String, AcousticFingerprint)] = [
            ("32 kbit/s", try Self.fingerprint(encoded)),
            ("a tenth of the level", try Self.fingerprint(samples.map { $0 / 10 })),
            ("noise at 20 dB", try Self.fingerprint(Self.noisy(samples, fraction: 0.1))),
            ("noise at 10 dB", try Self.fingerprint(Self.noisy(samples, fraction: 0.316))),
            ("16 kHz", try Self.fingerprint(slow, rate: 16_000)),
        ]
        for (name, copy) in copies {
            let match = try #require(comparison.match(original, copy), "\(name)")
            // An encoder's delay is some frames of 1/100 s.
            #expect(abs(match.offset) <= 3, "\(name): \(match)")
            #expect(match.overlapSeconds > 10, "\(name): \(match)")
        }
    }

    /// An excerpt of 6 s, encoded again, from second 4.1 on: between two frames of the whole.
    @Test func anExcerptIsFoundWhereItWasCut() throws {
        let samples = try Self.song(8), start = Int(4.1 * Double(Self.rate))
        let excerpt = Array(samples[start..<(start + 6 * Self.rate)])
        let encoded = try AudioDecoder().decode(try MP3Encoder.encode(excerpt, sampleRate: Self.rate)).samples
        let (whole, part) = (try Self.fingerprint(samples), try Self.fingerprint(encoded))
        let match = try #require(comparison.match(whole, part))
        #expect(abs(match.offsetSeconds - 4.1) < 0.03, "\(match.offsetSeconds)")
        #expect(abs(match.overlapSeconds - 5.6) < 0.3, "\(match.overlapSeconds)")
        let reverse = try #require(comparison.match(part, whole))
        #expect(reverse.offset == -match.offset && reverse.similarity == match.similarity)
    }

    /// The demo songs share chords, timbres and tempos, more than real songs do.
    @Test func differentSongsNeverMatch() throws {
        let songs = try (0..<16).map { try Self.fingerprint(try Self.song($0)) }
        #expect(FingerprintIndex(songs).pairs().isEmpty)
        #expect(comparison.match(songs[0], songs[13]) == nil)
    }

    @Test func anotherTempoIsAnotherRecording() throws {
        let samples = try Self.song(3)
        let faster = try Self.fingerprint(samples, rate: 24_000)
        #expect(comparison.match(try Self.fingerprint(samples), faster) == nil)
    }

    @Test func silenceAndShortClipsMatchNothing() throws {
        let silent = try Self.fingerprint([Float](repeating: 0, count: 10 * Self.rate))
        #expect(silent.count > 400 && silent.soundingCount == 0)
        #expect(comparison.match(silent, silent) == nil && FingerprintIndex([silent, silent]).pairs().isEmpty)
        let short = try Self.fingerprint(Array(try Self.song(0).prefix(Self.rate / 3)))
        #expect(short.count == 0 && comparison.match(short, short) == nil)
        let second = try Self.fingerprint(Array(try Self.song(0).prefix(2 * Self.rate)))
        #expect(second.count > 50 && comparison.match(second, second) == nil, "shorter than the shortest overlap")
        #expect(FingerprintIndex([]).pairs().isEmpty)
    }

    @Test func unusableSoundIsASentence() throws {
        #expect(throws: AudioError.noSamples) { try Self.fingerprint([]) }
        #expect(throws: AudioError.unusableSample(index: 1)) { try Self.fingerprint([0, .nan, 0]) }
        #expect(throws: AudioError.self) { try Fingerprinter(sampleRate: 3999) }
    }
}
