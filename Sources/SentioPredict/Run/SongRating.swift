/// What a model says about one sound file.
public struct SongRating: Sendable, Equatable {
    /// The file.
    public var file: SoundFile
    /// A rating for each dimension, in rating units; nil where the song could not be rated.
    public var ratings: [Double]?
    /// Length of the decoded sound in seconds; nil where it is not known.
    public var seconds: Double?
    /// Why it could not be rated; nil where it was.
    public var failure: String?
    /// What the user should know about this song's rating.
    public var warnings: [String] = []

    /// The result for one file.
    public init(file: SoundFile, ratings: [Double]? = nil, seconds: Double? = nil, failure: String? = nil) {
        self.file = file
        self.ratings = ratings
        self.seconds = seconds
        self.failure = failure
    }
}

/// The ratings of several files.
public struct SongRatings: Sendable, Equatable {
    /// The rated dimensions, in order.
    public var dimensions: [String]
    /// In the order of the files.
    public var songs: [SongRating]
    /// Warnings about more than single songs.
    public var warnings: [String]
}
