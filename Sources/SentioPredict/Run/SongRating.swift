/// What a model says about one sound file.
public struct SongRating: Sendable, Equatable {
    /// The file.
    public var file: SoundFile
    /// A rating for each dimension, in rating units; nil where the song could not be rated.
    public var ratings: [Double]?
    /// For each dimension, around its rating, an interval that holds the true rating with the probability of
    /// `SongRatings.level`, not limited to the scale; nil where there is none.
    public var intervals: [ClosedRange<Double>]?
    /// Whether the song is so unlike the training songs that its rating is an extrapolation; it then has no interval.
    public var isExtrapolated = false
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
    /// The level of the intervals; nil where there are none.
    public var level: Double?
    /// Why there are no intervals although a level is set; nil where there are, or none is set.
    public var withoutIntervals: String?
    /// In the order of the files.
    public var songs: [SongRating]
    /// Warnings about more than single songs.
    public var warnings: [String]
}
