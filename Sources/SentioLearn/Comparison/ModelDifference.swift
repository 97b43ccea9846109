/// How two arms differ in one metric on the same songs.
public struct ModelDifference: Sendable, Equatable, Codable {
    /// The metric that is compared.
    public let metric: Metric
    /// How many songs were scored.
    public let songs: Int
    /// How many replicates each arm has.
    public let replicates: Int
    /// Score of the first arm, mean over replicates.
    public let first: Double
    /// Score of the second arm, mean over replicates.
    public let second: Double
    /// Estimate and confidence interval of second - first.
    public let interval: Interval
    /// Two-sided p-value of the hypothesis of no difference.
    public let p: Double
    /// The variances of the difference due to songs and to seeds.
    public let noise: VarianceComponents
    /// Coverage of `interval`.
    public let level: Double

    /// The improvement from first to second: positive if the second arm is better, whatever the direction of the
    /// metric.
    public var gain: Double { metric.largerIsBetter ? interval.estimate : -interval.estimate }

    /// Whether the difference is larger than seeds alone explain on these songs; nil (unknown) without replicates.
    public var exceedsSeedNoise: Bool? {
        noise.seedHalfWidth(level: level).map { interval.estimate.magnitude > $0 }
    }

    /// Whether the difference is significant: the interval excludes 0, and p (or its adjusted value) is below 1 -
    /// level.
    public func stands(p adjusted: Double? = nil) -> Bool {
        (interval.lower > 0 || interval.upper < 0) && (adjusted ?? p) < 1 - level
    }
}
