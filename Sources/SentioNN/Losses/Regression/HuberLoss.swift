/// Quadratic up to an error of `delta`, linear beyond (Huber 1964; PyTorch's `HuberLoss`), `huber`.
public struct HuberLoss: RegressionLoss {
    /// In pipelines.
    public static let name = "huber"
    /// The error from which the loss is linear, in units of the targets.
    public let delta: Double

    /// The default is PyTorch's.
    public init(delta: Double = 1) { self.delta = delta }

    /// Takes `huberDelta`.
    public init(_ settings: RegressionLosses.Settings) { self.init(delta: settings.huberDelta) }

    /// The mean over all differences.
    public func evaluate(_ batch: RegressionBatch) -> (value: Double, gradient: [Double]) {
        batch.mean { difference in
            abs(difference) <= delta
                ? (0.5 * difference * difference, difference)
                : (delta * (abs(difference) - 0.5 * delta), difference < 0 ? -delta : delta)
        }
    }
}
