/// A loss of a GAN's two sides, for one score of the critic at a time. A new loss is a type in a file of its own and a
/// line in `AdversarialLosses.all`.
public protocol AdversarialLoss: Sendable {
    /// What pipelines call it.
    static var name: String { get }
    /// Whether scores are compared with labels, which smoothing can soften. The default is false.
    static var hasLabels: Bool { get }
    /// Whether there is a score above which the critic calls a spectrogram real, whatever its other scores. The default
    /// is true.
    static var hasThreshold: Bool { get }
    /// Takes what it needs from the settings of all losses.
    init(_ settings: AdversarialLosses.Settings)
    /// The weight of the gradient penalty that is added to the critic's loss; nil, the default: no penalty.
    var gradientPenalty: Double? { get }
    /// The critic's loss for a real spectrogram, and its slope.
    func ofReal(_ score: Double) -> (value: Double, slope: Double)
    /// The critic's loss for a generated spectrogram, and its slope.
    func ofFake(_ score: Double) -> (value: Double, slope: Double)
    /// The generator's loss, and its slope.
    func ofGenerator(_ score: Double) -> (value: Double, slope: Double)
    /// The score above which the critic calls a spectrogram real. The default is 0.
    func threshold(real: [Double], fake: [Double]) -> Double
}

extension AdversarialLoss {
    /// False: most losses use scores as they are.
    public static var hasLabels: Bool { false }
    /// True: most losses draw the line at a fixed score.
    public static var hasThreshold: Bool { true }
    /// Nil: no gradient penalty.
    public var gradientPenalty: Double? { nil }
    /// 0, whatever the scores.
    public func threshold(real: [Double], fake: [Double]) -> Double { 0 }

    /// The critic's mean loss over scores of real spectrograms, and its gradient for each.
    public func ofReal(_ scores: [Double]) -> (value: Double, gradient: [Double]) { mean(scores, ofReal) }
    /// The critic's mean loss over scores of generated spectrograms, and its gradient for each.
    public func ofFake(_ scores: [Double]) -> (value: Double, gradient: [Double]) { mean(scores, ofFake) }
    /// The generator's mean loss over scores of what it generated, and its gradient for each.
    public func ofGenerator(_ scores: [Double]) -> (value: Double, gradient: [Double]) { mean(scores, ofGenerator) }

    private func mean(
        _ scores: [Double], _ loss: (Double) -> (value: Double, slope: Double)
    ) -> (value: Double, gradient: [Double]) {
        let count = Double(max(1, scores.count)), found = scores.map(loss)
        return (found.reduce(0) { $0 + $1.value } / count, found.map { $0.slope / count })
    }
}
