/// The predictions of one batch beside the truth, and how much each sample and dimension counts.
public struct RegressionBatch: Sendable {
    /// [samples, dimensions], row after row.
    public let prediction: [Double]
    /// [samples, dimensions], row after row.
    public let truth: [Double]
    /// One per sample.
    public let weights: [Double]
    /// The sum of the weights.
    public let totalWeight: Double
    /// One per dimension; they add up to 1.
    public let shares: [Double]

    /// - Parameters:
    ///   - prediction: [samples, dimensions], row after row; `truth` likewise.
    ///   - weights: one per sample, or nil for 1 each; they enter means as weights.
    ///   - shares: how much each dimension counts, relative to their sum; empty: all the same.
    /// - Precondition: there is a sample, lengths agree, and neither weights nor shares are all 0.
    public init(
        prediction: [Double], truth: [Double], dimensions: Int, weights: [Double]? = nil, shares: [Double] = []
    ) {
        let samples = prediction.count / max(1, dimensions)
        precondition(
            samples > 0 && prediction.count == samples * dimensions && truth.count == prediction.count
                && (weights?.count ?? samples) == samples,
            "A loss needs one truth per prediction and one weight per sample.")
        (self.prediction, self.truth) = (prediction, truth)
        self.weights = weights ?? [Double](repeating: 1, count: samples)
        totalWeight = self.weights.reduce(0, +)
        precondition(totalWeight > 0, "The weights of a batch must not all be 0.")
        let whole = shares.reduce(0, +)
        precondition(
            shares.isEmpty || shares.count == dimensions && whole > 0,
            "A loss needs one share per dimension, not all of them 0.")
        self.shares =
            shares.isEmpty ? [Double](repeating: 1 / Double(dimensions), count: dimensions) : shares.map { $0 / whole }
    }

    /// The weighted mean over all predictions of a loss of single differences (prediction minus truth), and its
    /// gradient for each prediction.
    public func mean(
        _ loss: (_ difference: Double) -> (value: Double, slope: Double)
    ) -> (value: Double, gradient: [Double]) {
        let dimensions = shares.count
        var value = 0.0, gradient = prediction
        for index in prediction.indices {
            let part = weights[index / dimensions] / totalWeight * shares[index % dimensions]
            let found = loss(prediction[index] - truth[index])
            value += part * found.value
            gradient[index] = part * found.slope
        }
        return (value, gradient)
    }
}
