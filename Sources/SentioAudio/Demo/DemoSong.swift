/// A synthetic song with the ratings that it was composed for.
public struct DemoSong: Sendable, Equatable {
    /// "demo-001", counted from 1.
    public let id: String
    /// A complete MP3 file: 22,050 Hz mono, about 12 s.
    public let mp3: [UInt8]
    /// Mean valence rating on the scale 1...9, rating noise included.
    public let valence: Double
    /// Mean arousal rating on the scale 1...9, rating noise included.
    public let arousal: Double
    /// Standard deviation of the valence ratings over raters.
    public let valenceStd: Double
    /// Standard deviation of the arousal ratings over raters.
    public let arousalStd: Double
    /// Artist of several songs, who has a characteristic timbre.
    public let artist: String
    /// `chamber`, `pop`, `electronic` or `folk`; the same for all songs of an artist.
    public let genre: String
}
