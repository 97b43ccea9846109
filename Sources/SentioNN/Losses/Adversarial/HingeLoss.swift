/// max(0, 1 - real) + max(0, 1 + fake) (Lim and Ye 2017; Miyato et al. 2018), `hinge`.
public struct HingeLoss: AdversarialLoss {
    /// In pipelines.
    public static let name = "hinge"

    /// It has no settings.
    public init(_ settings: AdversarialLosses.Settings = AdversarialLosses.Settings()) {}

    /// max(0, 1 - score)
    public func ofReal(_ score: Double) -> (value: Double, slope: Double) { score < 1 ? (1 - score, -1) : (0, 0) }
    /// max(0, 1 + score)
    public func ofFake(_ score: Double) -> (value: Double, slope: Double) { score > -1 ? (1 + score, 1) : (0, 0) }
    /// -score
    public func ofGenerator(_ score: Double) -> (value: Double, slope: Double) { (-score, -1) }
}
