import SentioKit
import SentioNumerics
@testable import SentioNetworkStages
import Testing

/// What the watch says of generators that are made up: songs that nobody has heard, noise, and copies.
@Suite struct SampleWatchTests {
    private static let (mels, frames, count) = (16, 32, 48)

    /// A song of slow waves: the first rating is its level, the second the tilt over the bands.
    private static func song(_ ratings: [Double], seed: UInt64, frames: Int) -> [Float] {
        var random = Philox(key: seed)
        let phase = random.nextDouble() * 6, speed = 0.1 + 0.05 * random.nextDouble()
        return (0..<mels * frames).map { place in
            let (band, frame) = (place / frames, place % frames)
            let wave = 6 * sine(Double(frame) * speed + phase + Double(band) / 4)
            let level: Double = -30 + 8 * ratings[0], tilt: Double = 1.5 * ratings[1] * (Double(band) - 7.5)
            return Float(level + tilt + wave + random.nextNormal() / 2)
        }
    }

    /// A wave without Foundation: between -1 and 1, period 2 pi.
    private static func sine(_ x: Double) -> Double {
        let turn = x / 6.283185307179586, part = turn - turn.rounded(.down)
        return part < 0.5 ? 1 - 4 * abs(part - 0.25) : 4 * abs(part - 0.75) - 1
    }

    private static func ratings(_ index: Int) -> [Double] {
        [Double(index * 37 % 41) / 20 - 1, Double(index * 17 % 29) / 14 - 1]
    }

    private let scaling: GeneratorScaling
    private let watch: SampleWatch

    init() throws {
        let songs = try (0..<60).map { index in
            let values = Self.song(Self.ratings(index), seed: UInt64(index), frames: 100)
            let bytes = MappedBytes(NpyFile.write(NpyArray(values, shape: [Self.mels, 100])))
            return try SongSpectrogram(song: "song-\(index)", bytes: bytes, port: "spectrograms")
        }
        scaling = .bands(BandScaling(songs))
        let source = GANSource(
            songs: songs, targets: (0..<60).flatMap { Self.ratings($0) }.map { Float($0) }, dimensions: 2,
            frames: Self.frames, crops: 1, scaling: scaling, seed: 3)
        watch = try SampleWatch(source, noise: 2, count: Self.count, dimensions: ["valence", "arousal"], seed: 3)
    }

    /// Samples for the ratings that the watch asks for, scaled as a generator makes them.
    private func measure(_ make: (_ ratings: [Double], _ number: Int) -> [Float]) throws -> [String: Double] {
        try watch.measure(
            (0..<Self.count).map { number in
                let asked = watch.latent[4 * number + 2..<4 * number + 4].map { Double($0) }
                return make(asked, number).enumerated().map { place, value in
                    let (scale, shift) = scaling.line(place / Self.frames)
                    return Float(min(1, max(-1, Double(value) * scale + shift)))
                }
            })
    }

    @Test func songsThatNobodyHasHeard() throws {
        let found = try measure { Self.song($0, seed: UInt64(1000 + $1), frames: Self.frames) }
        #expect(found["samples.frame_change"] ?? 0 > 0.8 * (found["real.frame_change"] ?? 1))
        #expect(found["samples.frame_change"] ?? 9 < 1.25 * (found["real.frame_change"] ?? 1))
        #expect(found["samples.band_mean_gap"] ?? 99 < 0.5 * (found["real.band_deviation"] ?? 1))
        for name in ["valence", "arousal"] {
            let ratio = try #require(found["samples.\(name).recovery_ratio"])
            #expect(ratio > 0.8 && ratio < 1.2, "\(name) \(ratio)")
        }
        let nearest = (found["samples.nearest_song"] ?? 0) / (found["real.nearest_song"] ?? 1)
        #expect(nearest > 0.6 && nearest < 1.6, "\(nearest)")
    }

    /// The real frames of a song in the units of the spectrograms, whatever the scaling.
    @Test func changeIsInTheUnitsOfTheSpectrograms() throws {
        let found = try measure { _, _ in
            // Up and down by 2 dB in every band, around the middle of the range.
            (0..<Self.mels * Self.frames).map { $0 % Self.frames % 2 == 0 ? -31 : -29 }
        }
        #expect(abs((found["samples.frame_change"] ?? 0) - 2) < 1e-3)
    }

    @Test func noiseIsDiverseAndDead() throws {
        let found = try measure { _, number in
            var random = Philox(key: UInt64(77 + number))
            return (0..<Self.mels * Self.frames).map { _ in Float(-30 + 8 * random.nextNormal()) }
        }
        #expect(found["samples.diversity"] ?? 0 > 0.7, "which is why diversity alone says nothing")
        #expect(found["samples.frame_change"] ?? 0 > 2.5 * (found["real.frame_change"] ?? 9))
        let nearest = (found["samples.nearest_song"] ?? 0) / (found["real.nearest_song"] ?? 1)
        #expect(nearest > 1.6, "\(nearest)")
        var history = TrainingHistory()
        history.epochs = (0..<10).map { _ in found }
        #expect(CollapseWatch(epochs: 3, of: 10).problem(history)?.isUseless == true)
    }

    /// Wherever in the song they start.
    @Test func copiesOfTrainingSongsAreNearerThanOtherSongs() throws {
        let found = try measure { _, number in
            let whole = Self.song(Self.ratings(number), seed: UInt64(number), frames: 100)
            return (0..<Self.mels).flatMap { whole[$0 * 100 + 17..<$0 * 100 + 17 + Self.frames] }
        }
        let samples = try #require(found["samples.nearest_song"]), real = try #require(found["real.nearest_song"])
        #expect(samples < SampleWatch.copyDistance * real, "\(samples) \(real)")
    }
}
