/// Histogram-based gradient boosting of regression trees, with XGBoost's objective, gain and defaults
/// (`tree_method=hist`). Each target has its own ensemble; all targets share the binned columns.
public struct GBDT: Sendable, Hashable {
    /// How a tree grows: level by level up to `maxDepth`, or always at the leaf with the largest gain up to
    /// `maxLeaves`.
    public enum Growth: String, Sendable, Hashable, CaseIterable {
        case depthwise, leafwise
    }

    /// What is minimized.
    public var loss = GBDTLoss.squared
    /// Boosting rounds, which are trees per target (XGBoost's `n_estimators`).
    public var rounds = 100
    /// Shrinkage of each tree (XGBoost's `eta`).
    public var learningRate = 0.3
    /// The order in which leaves are split (XGBoost's `grow_policy`).
    public var growth = Growth.depthwise
    /// Maximum depth; 0 for no limit, which requires `maxLeaves`.
    public var maxDepth = 6
    /// Maximum number of leaves; 0 for no limit.
    public var maxLeaves = 0
    /// Minimum sum of second derivatives in a child.
    public var minChildWeight = 1.0
    /// Minimum loss reduction of a split (XGBoost's `gamma`).
    public var minSplitLoss = 0.0
    /// L2 penalty of leaf values.
    public var lambda = 1.0
    /// L1 penalty of leaf values.
    public var alpha = 0.0
    /// Fraction of rows sampled for each tree, without replacement.
    public var subsample = 1.0
    /// Fraction of columns sampled for each tree.
    public var columnSampleByTree = 1.0
    /// Fraction of the columns of a tree sampled for each level.
    public var columnSampleByLevel = 1.0
    /// Fraction of the columns of a level sampled for each node.
    public var columnSampleByNode = 1.0
    /// Maximum number of histogram bins per feature, not counting missing values.
    public var maxBins = 256
    /// Monotone constraints by name of the feature: 1 if predictions must not fall as it rises, -1 if they must not
    /// rise, 0 for none.
    public var monotone: [String: Int] = [:]
    /// Stops a target when its validation loss has not improved for this many rounds; 0 for never.
    public var earlyStoppingRounds = 0
    /// Seed of the sampled rows and columns.
    public var seed: UInt64 = 0

    /// XGBoost's defaults.
    public init() {}
}
