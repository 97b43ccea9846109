/// The result of a fit of classes: the model and the learning curve.
public struct GBDTClassFit: Sendable, Equatable {
    /// The fitted trees.
    public let model: GBDTClassModel
    /// The mean cross-entropy after each round.
    public let curve: GBDTFit.Curve
}
