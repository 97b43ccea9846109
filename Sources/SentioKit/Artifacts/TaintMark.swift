/// A song that is marked as bad: a wrong label, a clipped recording.
public struct TaintMark: Sendable, Equatable {
    /// The hash of its audio.
    public var song: ContentHash
    /// The id under which it was marked, for people.
    public var id: String
    public var reason: String
    /// Seconds since 1970. Results of stages that were executed before that and that the song reached are stale.
    public var markedAt: Double

    public init(song: ContentHash, id: String, reason: String, markedAt: Double) {
        self.song = song
        self.id = id
        self.reason = reason
        self.markedAt = markedAt
    }
}
