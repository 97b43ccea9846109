import Foundation

/// Songs for `--profile demo`: synthesized, encoded as real MP3, rated by construction. Nothing is downloaded.
///
/// Each song has a point (valence, arousal) that controls the music as described in the literature on musical
/// expression (Juslin & Laukka 2004): mode and consonance follow valence; tempo, loudness, attack and brightness follow
/// arousal; register follows both. The ratings are that point plus a little noise, so that no model can be perfect.
/// Deterministic in (index, seed).
public enum DemoSongs {
    static let sampleRate = 22_050
    /// Nominal duration of a song in seconds. MP3 frames make it slightly longer.
    public static let seconds = 12.0
    static let songsPerArtist = 4
    static let genres = ["chamber", "pop", "electronic", "folk"]

    /// Composes and encodes song `index` of 0..<count.
    /// - Throws: `AudioError.encoding`.
    /// - Precondition: 0 <= index < count.
    public static func song(index: Int, count: Int, seed: UInt64 = 0) throws -> DemoSong {
        precondition(index >= 0 && index < count, "Demo song \(index) does not exist among \(count).")
        var random = CounterRandom(seed: seed, stream: UInt64(index))
        let mood = place(index: index, seed: seed)
        let artist = index / songsPerArtist
        let samples = DemoComposer(mood: mood, artist: artist, seed: seed).compose(&random)
        func rating(_ value: Double) -> Double { min(9, max(1, 5 + 3.6 * value + 0.35 * random.normal())) }
        let valence = rating(mood.valence)
        let arousal = rating(mood.arousal)
        return DemoSong(
            id: "demo-" + String(format: "%03d", index + 1),
            mp3: try MP3Encoder.encode(samples, sampleRate: sampleRate),
            valence: valence, arousal: arousal,
            valenceStd: random.uniform(0.8...1.6), arousalStd: random.uniform(0.8...1.6),
            artist: "demo artist " + String(format: "%02d", artist + 1),
            genre: genres[artist % genres.count])
    }

    /// Valence and arousal in -1...1. An additive recurrence with the plastic number covers the plane evenly for any
    /// number of songs.
    static func place(index: Int, seed: UInt64) -> DemoMood {
        var random = CounterRandom(seed: seed, stream: .max)
        let shift = (random.uniform(), random.uniform())
        func fraction(_ x: Double) -> Double { x - x.rounded(.down) }
        let n = Double(index + 1)
        return DemoMood(
            valence: 2 * fraction(shift.0 + n * 0.754_877_666_246_692_8) - 1,
            arousal: 2 * fraction(shift.1 + n * 0.569_840_290_998_053_2) - 1)
    }
}

/// A point of the valence-arousal plane; both coordinates are in -1...1.
struct DemoMood: Equatable {
    let valence: Double
    let arousal: Double
}
