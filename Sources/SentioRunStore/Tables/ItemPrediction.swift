public import SentioKit

/// A prediction for one song and dimension, in rating units.
public struct ItemPrediction: Sendable, Equatable {
    /// The id of the song.
    public var songID: String
    /// The set that the song belongs to: `train`, `validation`, `test` or `out_of_fold`.
    public var set: String
    /// The rating dimension, such as `valence`.
    public var dimension: String
    /// The rating.
    public var truth: Double
    /// The prediction.
    public var predicted: Double
    /// The hash of the song's audio, if known; it identifies the songs of a test set. The run store keeps it only for
    /// those.
    public var song: ContentHash?

    /// Creates a prediction.
    public init(
        songID: String, set: String, dimension: String, truth: Double, predicted: Double, song: ContentHash? = nil
    ) {
        self.songID = songID
        self.song = song
        self.set = set
        self.dimension = dimension
        self.truth = truth
        self.predicted = predicted
    }
}
