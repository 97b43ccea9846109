import Foundation

/// What a GAN's two sides are trained on. Values and gradients in double precision, of a batch's scores.
public enum AdversarialLoss: Sendable, Hashable {
    /// Binary cross-entropy of the scores as logits (Goodfellow et al. 2014, with the generator's own, non-saturating
    /// form). `smoothing` takes so much from the label of real songs (Salimans et al. 2016).
    case bce(smoothing: Double = 0)
    /// max(0, 1 - real) + max(0, 1 + fake) (Lim and Ye 2017; Miyato et al. 2018).
    case hinge
    /// fake - real, with `penalty` times the gradient penalty beside it (Gulrajani et al. 2017: 10).
    case wasserstein(penalty: Double = 10)

    /// The mean over real scores, and its gradient for each.
    public func ofReal(_ scores: [Double]) -> (value: Double, gradient: [Double]) {
        switch self {
        case .bce(let smoothing): Self.mean(scores) { Self.crossEntropy($0, 1 - smoothing) }
        case .hinge: Self.mean(scores) { $0 < 1 ? (1 - $0, -1) : (0, 0) }
        case .wasserstein: Self.mean(scores) { (-$0, -1) }
        }
    }

    /// The same over scores of what the generator made.
    public func ofFake(_ scores: [Double]) -> (value: Double, gradient: [Double]) {
        switch self {
        case .bce: Self.mean(scores) { Self.crossEntropy($0, 0) }
        case .hinge: Self.mean(scores) { $0 > -1 ? (1 + $0, 1) : (0, 0) }
        case .wasserstein: Self.mean(scores) { ($0, 1) }
        }
    }

    /// The generator's loss.
    public func ofGenerator(_ scores: [Double]) -> (value: Double, gradient: [Double]) {
        switch self {
        case .bce: Self.mean(scores) { Self.crossEntropy($0, 1) }
        case .hinge, .wasserstein: Self.mean(scores) { (-$0, -1) }
        }
    }

    private static func mean(_ scores: [Double], _ one: (Double) -> (Double, Double)) -> (
        value: Double, gradient: [Double]
    ) {
        let count = Double(max(1, scores.count)), found = scores.map(one)
        return (found.reduce(0) { $0 + $1.0 } / count, found.map { $0.1 / count })
    }

    /// -t log s(x) - (1 - t) log(1 - s(x)), without overflow.
    private static func crossEntropy(_ x: Double, _ target: Double) -> (Double, Double) {
        let value = max(x, 0) - x * target + log1p(exp(-abs(x)))
        let sigmoid = x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))
        return (value, sigmoid - target)
    }
}
