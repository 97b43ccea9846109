/// What a network that predicts ratings is trained on. Values and gradients are computed in double precision, apart
/// from the graph: a loss sees the predictions of a whole batch, however it was cut into micro-batches.
public indirect enum RegressionLoss: Sendable, Hashable {
    /// Mean squared error.
    case squared
    /// Quadratic up to `delta`, linear beyond (Huber 1964; PyTorch's `HuberLoss`).
    case huber(delta: Double = 1)
    /// One minus Lin's concordance correlation coefficient over the batch, the mean over dimensions.
    case concordance
    /// The weighted sum of two.
    case blend(RegressionLoss, Double, RegressionLoss, Double)

    /// Whether the loss of a batch is the mean of the losses of its samples, so that micro-batches need not know of
    /// each other.
    public var isSeparable: Bool {
        switch self {
        case .squared, .huber: true
        case .concordance: false
        case .blend(let a, _, let b, _): a.isSeparable && b.isSeparable
        }
    }

    /// The loss of a batch and its gradient for each prediction.
    ///
    /// - Parameters:
    ///   - prediction: [samples, dimensions], row after row; `truth` likewise.
    ///   - weights: one a sample, or nil for 1 each; they enter means as weights.
    ///   - shares: how much each dimension counts, as shares of their sum; empty: all the same.
    /// - Precondition: lengths agree and there is a sample.
    public func evaluate(
        prediction: [Double], truth: [Double], dimensions: Int, weights: [Double]? = nil, shares: [Double] = []
    ) -> (
        value: Double, gradient: [Double]
    ) {
        let samples = prediction.count / max(1, dimensions)
        precondition(
            samples > 0 && prediction.count == samples * dimensions && truth.count == prediction.count
                && (weights?.count ?? samples) == samples,
            "A loss needs one truth a prediction and one weight a sample.")
        let weights = weights ?? [Double](repeating: 1, count: samples), total = weights.reduce(0, +)
        precondition(total > 0, "The weights of a batch must not all be 0.")
        let whole = shares.reduce(0, +)
        precondition(
            shares.isEmpty || shares.count == dimensions && whole > 0,
            "A loss needs one share a dimension, not all of them 0.")
        let parts =
            shares.isEmpty ? [Double](repeating: 1 / Double(dimensions), count: dimensions) : shares.map { $0 / whole }
        switch self {
        case .squared:
            return Self.mean(prediction, truth, parts, weights, total) { ($0 * $0, 2 * $0) }
        case .huber(let delta):
            return Self.mean(prediction, truth, parts, weights, total) { difference in
                abs(difference) <= delta
                    ? (0.5 * difference * difference, difference)
                    : (delta * (abs(difference) - 0.5 * delta), difference < 0 ? -delta : delta)
            }
        case .concordance:
            return Self.concordance(prediction, truth, parts, weights, total)
        case .blend(let a, let partOfA, let b, let partOfB):
            let (first, second) = (
                a.evaluate(
                    prediction: prediction, truth: truth, dimensions: dimensions, weights: weights, shares: shares),
                b.evaluate(
                    prediction: prediction, truth: truth, dimensions: dimensions, weights: weights, shares: shares)
            )
            return (
                partOfA * first.value + partOfB * second.value,
                zip(first.gradient, second.gradient).map { partOfA * $0 + partOfB * $1 }
            )
        }
    }

    private static func mean(
        _ prediction: [Double], _ truth: [Double], _ shares: [Double], _ weights: [Double], _ total: Double,
        _ one: (Double) -> (value: Double, slope: Double)
    ) -> (Double, [Double]) {
        let dimensions = shares.count
        var value = 0.0, gradient = prediction
        for index in prediction.indices {
            let part = weights[index / dimensions] / total * shares[index % dimensions],
                found = one(prediction[index] - truth[index])
            value += part * found.value
            gradient[index] = part * found.slope
        }
        return (value, gradient)
    }

    /// 1 - 2 cov / (var p + var t + (mean p - mean t)²); a dimension in which nothing varies counts as 1.
    private static func concordance(
        _ prediction: [Double], _ truth: [Double], _ shares: [Double], _ weights: [Double], _ total: Double
    ) -> (Double, [Double]) {
        let dimensions = shares.count
        var value = 0.0, gradient = [Double](repeating: 0, count: prediction.count)
        for dimension in 0..<dimensions {
            let rows = weights.indices
            func p(_ row: Int) -> Double { prediction[row * dimensions + dimension] }
            func t(_ row: Int) -> Double { truth[row * dimensions + dimension] }
            func mean(_ of: (Int) -> Double) -> Double { rows.reduce(0) { $0 + weights[$1] * of($1) } / total }
            let (meanP, meanT) = (mean(p), mean(t))
            let covariance = mean { (p($0) - meanP) * (t($0) - meanT) }
            let bottom =
                mean { (p($0) - meanP) * (p($0) - meanP) } + mean { (t($0) - meanT) * (t($0) - meanT) }
                + (meanP - meanT) * (meanP - meanT)
            guard bottom > 1e-12 else {
                value += shares[dimension]
                continue
            }
            value += shares[dimension] * (1 - 2 * covariance / bottom)
            for row in rows {
                let part = weights[row] / total
                let slopeOfBottom = 2 * part * ((p(row) - meanP) + (meanP - meanT))
                let slope = -2 * (part * (t(row) - meanT) * bottom - covariance * slopeOfBottom) / (bottom * bottom)
                gradient[row * dimensions + dimension] = slope * shares[dimension]
            }
        }
        return (value, gradient)
    }
}
