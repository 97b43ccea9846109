/// Mean squared error, `mse`.
public struct SquaredErrorLoss: RegressionLoss {
    /// In pipelines.
    public static let name = "mse"

    /// It has no settings.
    public init(_ settings: RegressionLosses.Settings = RegressionLosses.Settings()) {}

    /// The mean of the squared differences.
    public func evaluate(_ batch: RegressionBatch) -> (value: Double, gradient: [Double]) {
        batch.mean { ($0 * $0, 2 * $0) }
    }
}
