/// What a fit of boosted trees found: the model, and how the loss of each target went.
public struct GBDTFit: Sendable, Equatable {
    public let model: GBDTModel
    /// One a target.
    public let curves: [Curve]

    /// Mean losses of one target a round, in the terms of `GBDTLoss`; squared: the mean of half the squared error.
    public struct Curve: Sendable, Equatable, Codable {
        /// After each round, over all training rows.
        public let training: [Double]
        /// After each round, over the validation rows; empty without any.
        public let validation: [Double]
        /// The round with the smallest validation loss, the first of equals, from 1; with early stopping the ensemble
        /// ends there. Without validation songs the last round.
        public let bestRound: Int
    }
}
