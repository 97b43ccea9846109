/// An estimate on all songs and a percentile interval around it.
public struct Interval: Sendable, Equatable, Codable {
    public let estimate: Double
    public let lower: Double
    public let upper: Double

    public init(estimate: Double, lower: Double, upper: Double) {
        self.estimate = estimate
        self.lower = lower
        self.upper = upper
    }

    /// From an estimate and its bootstrap replicates.
    init(estimate: Double, replicates: [Double], level: Double) {
        let sorted = replicates.sorted()
        self.estimate = estimate
        lower = Quantile.ofSorted(sorted, (1 - level) / 2)
        upper = Quantile.ofSorted(sorted, (1 + level) / 2)
    }
}
