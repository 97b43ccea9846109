package import SentioKit

extension ArtifactType {
    /// `.npy` float64 [steps, 1 + dimensions]: seconds from the song's start, ascending, then a rating of each
    /// dimension; songs may have different steps. Attributes `dimensions`, and `scale` [low, high].
    package static let ratingSequences = ArtifactType("rating-sequences", form: .collection)
    /// The same format, with predictions of a model.
    package static let predictedSequences = ArtifactType("predicted-sequences", form: .collection)
    /// `.npy` float64 [steps, 1 + 2 · dimensions]: seconds, then for each dimension the rating and the prediction.
    /// Attributes as those of `ratingSequences`.
    package static let scoredSequences = ArtifactType("scored-sequences", form: .collection)
}
