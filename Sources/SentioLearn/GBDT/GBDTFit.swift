/// The result of a fit of boosted trees: the model and the learning curves.
public struct GBDTFit: Sendable, Equatable {
    /// The fitted trees.
    public let model: GBDTModel
    /// The learning curve of each target.
    public let curves: [Curve]

    /// The mean loss of one target after each round, as `GBDTLoss` defines it: for `squared`, half the squared error.
    public struct Curve: Sendable, Equatable, Codable {
        /// Mean loss over all training rows after each round.
        public let training: [Double]
        /// Mean loss over the validation rows after each round; empty without validation rows.
        public let validation: [Double]
        /// The round with the smallest validation loss (counted from 1, the first of equal ones), where the ensemble
        /// ends with early stopping. The last round without validation rows.
        public let bestRound: Int
    }
}
