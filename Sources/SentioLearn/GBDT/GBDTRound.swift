/// The state of a fit after a boosting round, for progress reports and cancellation.
public struct GBDTRound: Sendable, Equatable {
    /// Rounds completed, counted from 1.
    public let round: Int
    /// Maximum number of rounds.
    public let rounds: Int
    /// The mean loss of each target over all training rows after this round; the last one if the target has stopped
    /// early.
    public let trainingLoss: [Double]
    /// The mean validation loss of each target; nil without validation songs.
    public let validationLoss: [Double]?
}
