/// The state of a fit after one boosting round: for progress lines, logs and cancellation.
public struct GBDTRound: Sendable, Equatable {
    /// Rounds done, from 1.
    public let round: Int
    /// Rounds at most.
    public let rounds: Int
    /// The mean training loss of each target after this round, in-sample and all rows; of a target that has stopped
    /// early, its last.
    public let trainingLoss: [Double]
    /// The mean validation loss of each target; nil without validation songs.
    public let validationLoss: [Double]?
}
