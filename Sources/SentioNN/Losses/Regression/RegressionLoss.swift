/// A loss of a network that predicts ratings. A new loss is a type in a file of its own and a line in
/// `RegressionLosses.all`.
///
/// Values and gradients are computed in double precision outside the graph, because a loss sees the predictions of a
/// whole batch, even where the batch was split into micro-batches.
public protocol RegressionLoss: Sendable {
    /// What pipelines call it.
    static var name: String { get }
    /// Whether the loss of a batch is the weighted mean of its samples' losses, so that each micro-batch can be
    /// evaluated on its own. The default is true.
    static var isSeparable: Bool { get }
    /// Takes what it needs from the settings of all losses.
    init(_ settings: RegressionLosses.Settings)
    /// The loss of a batch, and its gradient for each prediction, [samples, dimensions].
    func evaluate(_ batch: RegressionBatch) -> (value: Double, gradient: [Double])
}

extension RegressionLoss {
    /// True; a loss that compares samples with one another overrides it.
    public static var isSeparable: Bool { true }

    /// The loss of a batch, and its gradient for each prediction; see `RegressionBatch` for the arguments.
    public func evaluate(
        prediction: [Double], truth: [Double], dimensions: Int, weights: [Double]? = nil, shares: [Double] = []
    ) -> (value: Double, gradient: [Double]) {
        evaluate(
            RegressionBatch(
                prediction: prediction, truth: truth, dimensions: dimensions, weights: weights, shares: shares))
    }
}
