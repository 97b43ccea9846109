/// What a split needs to know of a song.
public struct SplitSong: Sendable, Hashable {
    /// Identifies the song.
    public let id: String
    /// Songs of one group, such as those of an artist, stay together. Nil or blank: the song is its own group.
    public let group: String?
    /// Its rating, for stratification; nil if unrated.
    public let valence: Double?
    /// Its rating, for stratification; nil if unrated.
    public let arousal: Double?

    /// Only the id is required.
    public init(id: String, group: String? = nil, valence: Double? = nil, arousal: Double? = nil) {
        self.id = id
        self.group = group
        self.valence = valence
        self.arousal = arousal
    }
}
