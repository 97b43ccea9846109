public import SentioKit
public import SentioSpec

/// Compares the arms of a sweep song by song.
public protocol ArmStatistics: Sendable {
    /// Of (arm - baseline), p adjusted over all arms; without a baseline the interval of the arm's score.
    /// - throws: `StageFailure` where they cannot be compared.
    func numbers(of metric: ComparedMetric, arm: String, baseline: String?) throws(StageFailure) -> ComparedNumbers
}
