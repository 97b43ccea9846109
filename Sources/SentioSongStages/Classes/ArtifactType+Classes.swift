package import SentioKit

extension ArtifactType {
    /// CSV: song_id, then the probability of each class, in a column of its name. Attributes `column`, the labels
    /// column of the classes, and `classes`, their names in order.
    package static let classPredictions = ArtifactType("class-predictions", form: .table)
    /// CSV: song_id, set, then `<column>_true` and `<column>_predicted`, names of classes, and `log_loss`, the negative
    /// natural logarithm of the probability of the true class. Attributes as those of `classPredictions`.
    package static let scoredClasses = ArtifactType("scored-classes", form: .table)
}
