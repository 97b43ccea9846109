/// One tree of a boosted ensemble, its nodes in parallel arrays; node 0 is the root.
///
/// XGBoost's rule: a row goes left where `value < threshold`, right where not, and to `defaultLeft`'s side where the
/// value is missing (NaN).
public struct RegressionTree: Sendable, Equatable {
    /// The feature that a node splits on, by column; -1 for a leaf.
    public var features: [Int32]
    /// The threshold of a split; 0 for a leaf.
    public var thresholds: [Float]
    /// Where a missing value goes.
    public var defaultLeft: [Bool]
    /// Child nodes; -1 for a leaf. Children come after their parent.
    public var left: [Int32]
    public var right: [Int32]
    /// What a node would add as a leaf, shrinkage included; predictions add it up at leaves only.
    public var values: [Float]
    /// The gain of the split (XGBoost's `loss_changes`); 0 for a leaf.
    public var gains: [Float]
    /// The sum of second derivatives over the training rows of the node (XGBoost's `sum_hessian`).
    public var covers: [Float]

    public init(
        features: [Int32], thresholds: [Float], defaultLeft: [Bool], left: [Int32], right: [Int32], values: [Float],
        gains: [Float], covers: [Float]
    ) {
        self.features = features
        self.thresholds = thresholds
        self.defaultLeft = defaultLeft
        self.left = left
        self.right = right
        self.values = values
        self.gains = gains
        self.covers = covers
    }

    public var nodeCount: Int { features.count }
    public func isLeaf(_ node: Int) -> Bool { left[node] < 0 }
}
