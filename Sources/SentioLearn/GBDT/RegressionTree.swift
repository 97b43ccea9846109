/// One tree of a boosted ensemble, with its nodes in parallel arrays; node 0 is the root.
///
/// As in XGBoost, a row goes left if `value < threshold`, and right otherwise; `defaultLeft` decides if the value is
/// missing (NaN).
public struct RegressionTree: Sendable, Equatable {
    /// The column that a node splits on; -1 for a leaf.
    public var features: [Int32]
    /// The threshold of a split; 0 for a leaf.
    public var thresholds: [Float]
    /// Whether a missing value goes left.
    public var defaultLeft: [Bool]
    /// The left child; -1 for a leaf. Children come after their parent.
    public var left: [Int32]
    /// The right child; -1 for a leaf. Children come after their parent.
    public var right: [Int32]
    /// The value of a node as a leaf, including shrinkage; predictions use only those of leaves.
    public var values: [Float]
    /// The gain of the split (XGBoost's `loss_changes`); 0 for a leaf.
    public var gains: [Float]
    /// The sum of second derivatives over the training rows of the node (XGBoost's `sum_hessian`).
    public var covers: [Float]

    /// All arrays have one element per node.
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

    /// Number of nodes, including leaves.
    public var nodeCount: Int { features.count }
    /// Whether a node has no children.
    public func isLeaf(_ node: Int) -> Bool { left[node] < 0 }
}
