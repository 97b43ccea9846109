/// A song as the split sees it.
public struct SplitSong: Sendable, Hashable {
    public let id: String
    /// What must not be torn apart, an artist for example. nil, empty or blank: the song is a group of its own.
    public let group: String?
    public let valence: Double?
    public let arousal: Double?

    public init(id: String, group: String? = nil, valence: Double? = nil, arousal: Double? = nil) {
        self.id = id
        self.group = group
        self.valence = valence
        self.arousal = arousal
    }
}
