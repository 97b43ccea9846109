public import SentioKit

/// What was predicted for one song and dimension, in rating units.
public struct ItemPrediction: Sendable, Equatable {
    public var songID: String
    /// `train`, `validation`, `test`.
    public var set: String
    public var dimension: String
    public var truth: Double
    public var predicted: Double
    /// The hash of the song's audio, where it is known: what tells test sets apart. The run store keeps it only for
    /// songs of a test set.
    public var song: ContentHash?

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
