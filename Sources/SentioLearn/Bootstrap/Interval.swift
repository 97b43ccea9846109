/// An estimate on all songs with its confidence interval.
public struct Interval: Sendable, Equatable, Codable {
    /// The value on all songs.
    public let estimate: Double
    /// The lower end of the interval.
    public let lower: Double
    /// The upper end of the interval.
    public let upper: Double

    /// `lower` is at most `upper`; the estimate may lie outside.
    public init(estimate: Double, lower: Double, upper: Double) {
        self.estimate = estimate
        self.lower = lower
        self.upper = upper
    }

    /// The percentile interval of bootstrap replicates.
    init(estimate: Double, replicates: [Double], level: Double) {
        let sorted = replicates.sorted()
        self.estimate = estimate
        lower = Quantile.ofSorted(sorted, (1 - level) / 2)
        upper = Quantile.ofSorted(sorted, (1 + level) / 2)
    }
}
