/// Bootstrap intervals of every measure, for every target and for the mean over targets.
public struct BootstrapReport: Sendable, Equatable, Codable {
    public let songs: Int
    public let replicates: Int
    /// Coverage, 0.95 for a 95 % interval.
    public let level: Double
    public let seed: UInt64
    /// Names of the targets, in column order.
    public let targets: [String]
    /// One dictionary a target.
    public let intervals: [[Metric: Interval]]
    /// Of the mean over targets.
    public let mean: [Metric: Interval]
}
