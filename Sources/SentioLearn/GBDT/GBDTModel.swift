/// Fitted gradient-boosted trees, with one ensemble per target. A prediction is the base score plus the value of the
/// leaf that the row reaches in each tree.
public struct GBDTModel: Sendable, Equatable {
    /// Names of the features, in column order.
    public let features: [String]
    /// Names of the targets, in column order of predictions.
    public let targets: [String]
    /// The loss that the trees minimize.
    public let loss: GBDTLoss
    /// The prediction for each target before any tree.
    public let baseScores: [Float]
    /// The trees of each target, in the order of boosting; after early stopping, up to the best round.
    public let ensembles: [[RegressionTree]]

    /// - Precondition: one base score and one ensemble per target. Readers of files check this.
    public init(
        features: [String], targets: [String], loss: GBDTLoss, baseScores: [Float], ensembles: [[RegressionTree]]
    ) {
        precondition(
            baseScores.count == targets.count && ensembles.count == targets.count,
            "Every target needs a base score and an ensemble.")
        self.features = features
        self.targets = targets
        self.loss = loss
        self.baseScores = baseScores
        self.ensembles = ensembles
    }
}
