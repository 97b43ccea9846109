/// Fitted gradient-boosted trees of one or several targets, one ensemble a target. A prediction is the base score plus
/// the leaf that the row reaches in each tree.
public struct GBDTModel: Sendable, Equatable {
    /// Names of the features, in column order.
    public let features: [String]
    /// Names of the targets, in column order of predictions.
    public let targets: [String]
    /// What the trees were fitted to.
    public let loss: GBDTLoss
    /// The prediction before any tree, one a target.
    public let baseScores: [Float]
    /// The trees of each target, in the order of boosting; after early stopping, up to the best round.
    public let ensembles: [[RegressionTree]]

    /// - Precondition: one base score and one ensemble a target. What comes from a file is validated by its reader.
    public init(
        features: [String], targets: [String], loss: GBDTLoss, baseScores: [Float], ensembles: [[RegressionTree]]
    ) {
        precondition(
            baseScores.count == targets.count && ensembles.count == targets.count,
            "Every target needs its base score and ensemble.")
        self.features = features
        self.targets = targets
        self.loss = loss
        self.baseScores = baseScores
        self.ensembles = ensembles
    }
}
