public import SentioKit
public import SentioSpec

/// Compares arms of a sweep song by song.
public protocol ArmStatistics: Sendable {
    /// The numbers of (arm - baseline), with p adjusted over all arms; without a baseline, the interval of the arm's
    /// score.
    /// - Throws: `StageFailure` if they cannot be compared.
    func numbers(of metric: ComparedMetric, arm: String, baseline: String?) throws(StageFailure) -> ComparedNumbers
}
