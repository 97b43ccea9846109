/// The mark of a bad song, such as one with a wrong label or a clipped recording.
public struct TaintMark: Sendable, Equatable {
    /// The content hash of its audio file.
    public var song: ContentHash
    /// The id under which it was marked, for display.
    public var id: String
    /// Why it is bad, in the words of the user.
    public var reason: String
    /// Seconds since 1970, for display. Clocks can be wrong: the order is that of `number`.
    public var markedAt: Double
    /// Its position in the list of marks, from 1; nil before it is in a list, and in lists of earlier versions. A
    /// result that the song reached is stale if it was computed when fewer marks were known.
    public var number: Int?

    /// A mark that is not yet in a list, unless `number` is given.
    public init(song: ContentHash, id: String, reason: String, markedAt: Double, number: Int? = nil) {
        self.song = song
        self.id = id
        self.reason = reason
        self.markedAt = markedAt
        self.number = number
    }
}
