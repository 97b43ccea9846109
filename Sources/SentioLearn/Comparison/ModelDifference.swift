/// How two arms differ in one measure on the same songs.
public struct ModelDifference: Sendable, Equatable, Codable {
    public let metric: Metric
    public let songs: Int
    public let replicates: Int
    /// Scores of the arms, mean over replicates.
    public let first: Double
    public let second: Double
    /// Of second - first.
    public let interval: Interval
    /// Two-sided, against "no difference".
    public let p: Double
    public let noise: VarianceComponents
    /// Coverage of `interval`.
    public let level: Double

    /// Of second - first: above 0 where the second arm is better, whichever way the measure counts.
    public var gain: Double { metric.largerIsBetter ? interval.estimate : -interval.estimate }

    /// Whether seeds alone could have made the difference on these songs; nil without replicates: unknown.
    public var exceedsSeedNoise: Bool? {
        noise.seedHalfWidth(level: level).map { interval.estimate.magnitude > $0 }
    }

    /// Whether the difference stands: the interval leaves out 0 and p, adjusted or not, is below 1 - level.
    public func stands(p adjusted: Double? = nil) -> Bool {
        (interval.lower > 0 || interval.upper < 0) && (adjusted ?? p) < 1 - level
    }
}
