/// A song the program made itself, with the ratings it was made to deserve.
public struct DemoSong: Sendable, Equatable {
    /// "demo-001", counted from 1.
    public let id: String
    /// A whole MP3 file: 22 050 Hz mono, about 12 s.
    public let mp3: [UInt8]
    /// Mean ratings on the scale 1...9, rating noise included.
    public let valence: Double
    public let arousal: Double
    /// Standard deviations of the ratings behind each mean.
    public let valenceStd: Double
    public let arousalStd: Double
    /// Several songs share an artist; an artist has a timbre of its own.
    public let artist: String
    public let genre: String
}
