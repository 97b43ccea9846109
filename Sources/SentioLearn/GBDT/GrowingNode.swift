/// A node of a tree while it grows: its rows are a range of the grower's row list.
struct GrowingNode {
    let start: Int
    let count: Int
    /// Quantised sums (high 32 bits gradient, low 32 hessian).
    let total: Int64
    let depth: Int
    /// 1 for the root, then twice the parent's, plus 1 on the right; wraps far down.
    let path: UInt64
    /// What monotone columns above allow as its weight.
    var lower = -Double.infinity, upper = Double.infinity
    var histogram: Int?
    var split: Split?
    var left = -1, right = -1

    var gradient: Int64 { total >> 32 }
    var hessian: Int64 { total & 0xFFFF_FFFF }

    struct Split {
        /// XGBoost's `loss_chg`.
        var lossChange: Double
        /// Position among the tree's columns.
        var position: Int
        /// Codes up to this go left.
        var slot: Int32
        var missingLeft: Bool
    }
}
