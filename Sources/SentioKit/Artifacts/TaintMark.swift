/// A song that is marked as bad: a wrong label, a clipped recording.
public struct TaintMark: Sendable, Equatable {
    /// The hash of its audio.
    public var song: ContentHash
    /// The id under which it was marked, for people.
    public var id: String
    public var reason: String
    /// Seconds since 1970, for people; clocks go wrong, so `number` says what is older.
    public var markedAt: Double
    /// Its place among the marks of the list, counted from 1; nil before it is in a list, and for one that an earlier
    /// version made. Results that were made with fewer marks known, and that the song reached, are stale.
    public var number: Int?

    public init(song: ContentHash, id: String, reason: String, markedAt: Double, number: Int? = nil) {
        self.song = song
        self.id = id
        self.reason = reason
        self.markedAt = markedAt
        self.number = number
    }
}
