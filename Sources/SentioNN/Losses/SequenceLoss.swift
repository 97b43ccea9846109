/// A loss of ratings over time. To the trainer a sequence is one sample with [steps · dimensions] predictions; here
/// every step becomes a sample of the loss beneath, so that concordance is that over all steps of a batch's songs. A
/// step whose truth is not finite has no rating and does not count.
public struct SequenceLoss: RegressionLoss {
    /// Not in `RegressionLosses.all`: it wraps one of them.
    public static let name = "sequence"
    /// False: songs have different numbers of rated steps, and the loss beneath may compare steps.
    public static let isSeparable = false
    /// The loss of single steps.
    public let base: any RegressionLoss
    /// Rated dimensions of a step.
    public let dimensions: Int

    /// - Precondition: `dimensions` is positive.
    public init(_ base: any RegressionLoss, dimensions: Int) {
        precondition(dimensions > 0, "A step has at least one dimension.")
        self.base = base
        self.dimensions = dimensions
    }

    /// Squared error of one dimension.
    public init(_ settings: RegressionLosses.Settings) { self.init(SquaredErrorLoss(settings), dimensions: 1) }

    /// The loss over all rated steps of a batch, [samples, steps · dimensions]; 0 where none is rated. Every dimension
    /// counts the same.
    /// - Precondition: the predictions of a sample are whole steps.
    public func evaluate(_ batch: RegressionBatch) -> (value: Double, gradient: [Double]) {
        let rows = batch.prediction.count / dimensions, steps = rows / batch.weights.count
        precondition(
            rows * dimensions == batch.prediction.count && steps * batch.weights.count == rows,
            "The predictions of a sequence are steps of \(dimensions) dimensions.")
        var truth = batch.truth, weights = [Double](repeating: 0, count: rows)
        for row in 0..<rows {
            let places = row * dimensions..<(row + 1) * dimensions
            if places.allSatisfy({ truth[$0].isFinite }) {
                weights[row] = batch.weights[row / steps]
            } else {
                for place in places { truth[place] = batch.prediction[place] }
            }
        }
        guard weights.contains(where: { $0 > 0 }) else {
            return (0, [Double](repeating: 0, count: batch.prediction.count))
        }
        return base.evaluate(prediction: batch.prediction, truth: truth, dimensions: dimensions, weights: weights)
    }
}
