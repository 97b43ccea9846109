/// Histogram gradient boosting of regression trees; XGBoost's objective, gain and defaults (`tree_method=hist`).
///
/// One ensemble a target; the binned columns are shared by all targets.
public struct GBDT: Sendable, Hashable {
    /// How a tree grows: level by level to `maxDepth`, or always at the leaf with the largest gain to `maxLeaves`.
    public enum Growth: String, Sendable, Hashable, CaseIterable {
        case depthwise, leafwise
    }

    public var loss = GBDTLoss.squared
    /// Boosting rounds (trees a target). XGBoost's `n_estimators`, its default 100.
    public var rounds = 100
    /// Shrinkage, XGBoost's `eta`.
    public var learningRate = 0.3
    public var growth = Growth.depthwise
    /// Largest depth; 0: no limit (only with `maxLeaves`).
    public var maxDepth = 6
    /// Largest number of leaves; 0: no limit.
    public var maxLeaves = 0
    /// Smallest sum of second derivatives in a child.
    public var minChildWeight = 1.0
    /// Smallest loss reduction of a split (XGBoost's gamma).
    public var minSplitLoss = 0.0
    /// L2 penalty of leaf values.
    public var lambda = 1.0
    /// L1 penalty of leaf values.
    public var alpha = 0.0
    /// Fraction of rows drawn for each tree, without replacement.
    public var subsample = 1.0
    /// Fractions of columns drawn for each tree, of those for each level, and of those for each node.
    public var columnSampleByTree = 1.0
    public var columnSampleByLevel = 1.0
    public var columnSampleByNode = 1.0
    /// Largest number of histogram bins a feature, missing values apart.
    public var maxBins = 256
    /// -1, 0 or 1 a feature by name: predictions never rise, are free, or never fall with the feature.
    public var monotone: [String: Int] = [:]
    /// Stop when the validation error has not fallen for so many rounds; 0: never.
    public var earlyStoppingRounds = 0
    public var seed: UInt64 = 0

    public init() {}
}
