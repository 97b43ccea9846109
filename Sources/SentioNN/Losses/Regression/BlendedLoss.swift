/// A weighted mean of squared error and concordance loss, `blend`: the first keeps predictions on the scale, the second
/// keeps them from shrinking towards the mean.
public struct BlendedLoss: RegressionLoss {
    /// In pipelines.
    public static let name = "blend"
    /// False: concordance is that of the whole batch.
    public static let isSeparable = false
    /// How much concordance counts, 0...1; squared error has the rest.
    public let concordanceShare: Double

    /// In equal parts by default.
    public init(concordanceShare: Double = 0.5) { self.concordanceShare = concordanceShare }

    /// In equal parts.
    public init(_ settings: RegressionLosses.Settings) { self.init() }

    /// The weighted mean of both losses and of their gradients.
    public func evaluate(_ batch: RegressionBatch) -> (value: Double, gradient: [Double]) {
        let squared = SquaredErrorLoss().evaluate(batch), concordance = ConcordanceLoss().evaluate(batch)
        let squaredShare = 1 - concordanceShare
        return (
            squaredShare * squared.value + concordanceShare * concordance.value,
            zip(squared.gradient, concordance.gradient).map { squaredShare * $0 + concordanceShare * $1 }
        )
    }
}
