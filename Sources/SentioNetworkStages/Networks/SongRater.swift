/// Rates songs by a stored network, with the bits that the training stage wrote for the same songs.
protocol SongRater {
    /// All songs that can be rated, in byte order.
    var songs: [String] { get }
    /// Songs to read at a time, so that memory and mappings of files stay bounded.
    var songsAtOnce: Int { get }
    /// Reads and rates songs.
    /// - throws: `StageFailure` naming the song that cannot be read; `BlobStoreError`, `StageCancelled`.
    func rate(_ songs: [String]) throws -> RatedSongs
    /// Names songs that are shorter than what the network reads at once, if there are any.
    func warn(ofShort songs: [String])
}

/// What a network says of some songs.
struct RatedSongs {
    /// Scaled ratings [songs, dimensions].
    let predictions: [Double]
    /// Songs that are shorter than what the network reads at once.
    let short: [String]
}
