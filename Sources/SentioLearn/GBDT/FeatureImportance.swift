/// How much boosted trees used a feature, in XGBoost's measures (`Booster.get_score`).
public struct FeatureImportance: Sendable, Hashable {
    public let feature: String
    /// Splits on the feature.
    public internal(set) var weight = 0
    /// Loss reduction of those splits, summed.
    public internal(set) var totalGain = 0.0
    /// Second derivatives (for the squared error: training rows) that those splits divided, summed.
    public internal(set) var totalCover = 0.0

    /// The mean loss reduction of a split on the feature; 0 without one.
    public var gain: Double { weight == 0 ? 0 : totalGain / Double(weight) }
    /// The mean cover of a split on the feature; 0 without one.
    public var cover: Double { weight == 0 ? 0 : totalCover / Double(weight) }

    init(feature: String) { self.feature = feature }
}
