/// fake - real, with a gradient penalty (Gulrajani et al. 2017), `wgan-gp`.
public struct WassersteinLoss: AdversarialLoss {
    /// In pipelines.
    public static let name = "wgan-gp"
    /// False: only differences of these scores mean something.
    public static let hasThreshold = false
    /// The weight of the gradient penalty.
    public let penalty: Double

    /// The default is that of Gulrajani et al. 2017.
    public init(penalty: Double = 10) { self.penalty = penalty }

    /// Takes `penalty`.
    public init(_ settings: AdversarialLosses.Settings) { self.init(penalty: settings.penalty) }

    /// Its weight, even if that is 0.
    public var gradientPenalty: Double? { penalty }

    /// -score
    public func ofReal(_ score: Double) -> (value: Double, slope: Double) { (-score, -1) }
    /// The score.
    public func ofFake(_ score: Double) -> (value: Double, slope: Double) { (score, 1) }
    /// -score
    public func ofGenerator(_ score: Double) -> (value: Double, slope: Double) { (-score, -1) }

    /// The midpoint of both means, since the zero of these scores means nothing.
    public func threshold(real: [Double], fake: [Double]) -> Double {
        func mean(_ scores: [Double]) -> Double { scores.reduce(0, +) / Double(max(1, scores.count)) }
        return (mean(real) + mean(fake)) / 2
    }
}
