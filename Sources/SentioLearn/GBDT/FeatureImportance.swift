/// How much boosted trees use a feature, as in XGBoost's `Booster.get_score`.
public struct FeatureImportance: Sendable, Hashable {
    /// Name of the feature.
    public let feature: String
    /// Number of splits on the feature.
    public internal(set) var weight = 0
    /// Total loss reduction of those splits.
    public internal(set) var totalGain = 0.0
    /// Total sum of second derivatives (for squared errors: training rows) at those splits.
    public internal(set) var totalCover = 0.0

    /// Mean loss reduction of a split on the feature; 0 without splits.
    public var gain: Double { weight == 0 ? 0 : totalGain / Double(weight) }
    /// Mean cover of a split on the feature; 0 without splits.
    public var cover: Double { weight == 0 ? 0 : totalCover / Double(weight) }

    init(feature: String) { self.feature = feature }
}
