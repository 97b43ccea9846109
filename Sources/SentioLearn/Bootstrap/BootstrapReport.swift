/// Bootstrap intervals of every metric, for each target and for the mean over targets.
public struct BootstrapReport: Sendable, Equatable, Codable {
    /// How many songs were scored.
    public let songs: Int
    /// How many resamples were drawn.
    public let replicates: Int
    /// Coverage of the intervals: 0.95 for 95 % intervals.
    public let level: Double
    /// Key of the random generator.
    public let seed: UInt64
    /// Names of the targets, in column order.
    public let targets: [String]
    /// The intervals of each target.
    public let intervals: [[Metric: Interval]]
    /// The intervals of the mean over targets.
    public let mean: [Metric: Interval]
}
