/// What was predicted for one song and dimension, in rating units.
public struct ItemPrediction: Sendable, Equatable {
    public var songID: String
    /// `train`, `validation`, `test`.
    public var set: String
    public var dimension: String
    public var truth: Double
    public var predicted: Double

    public init(songID: String, set: String, dimension: String, truth: Double, predicted: Double) {
        self.songID = songID
        self.set = set
        self.dimension = dimension
        self.truth = truth
        self.predicted = predicted
    }
}
