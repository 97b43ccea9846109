import SentioBase

/// Binary cross-entropy of the scores as logits (Goodfellow et al. 2014, with the generator's non-saturating form),
/// `bce`.
public struct CrossEntropyLoss: AdversarialLoss {
    /// In pipelines.
    public static let name = "bce"
    /// True: 1 for real spectrograms, 0 for generated ones.
    public static let hasLabels = true
    /// How much is taken from the label of real spectrograms (Salimans et al. 2016).
    public let smoothing: Double

    /// Without smoothing by default.
    public init(smoothing: Double = 0) { self.smoothing = smoothing }

    /// Takes `smoothing`.
    public init(_ settings: AdversarialLosses.Settings) { self.init(smoothing: settings.smoothing) }

    /// Against a label of 1, less the smoothing.
    public func ofReal(_ score: Double) -> (value: Double, slope: Double) { Self.crossEntropy(score, 1 - smoothing) }
    /// Against a label of 0.
    public func ofFake(_ score: Double) -> (value: Double, slope: Double) { Self.crossEntropy(score, 0) }
    /// Against a label of 1.
    public func ofGenerator(_ score: Double) -> (value: Double, slope: Double) { Self.crossEntropy(score, 1) }

    /// -t log s(x) - (1 - t) log(1 - s(x)), without overflow.
    private static func crossEntropy(_ x: Double, _ target: Double) -> (value: Double, slope: Double) {
        let value = max(x, 0) - x * target + log1p(exp(-abs(x)))
        let sigmoid = x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))
        return (value, sigmoid - target)
    }
}
