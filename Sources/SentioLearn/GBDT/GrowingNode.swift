/// A node of a growing tree. Its rows are a range of the grower's row list.
struct GrowingNode {
    let start: Int
    let count: Int
    /// Quantized sums: gradient in the high 32 bits, hessian in the low 32.
    let total: Int64
    let depth: Int
    /// 1 for the root; twice the parent's for a left child, plus 1 for a right child. Wraps in very deep trees.
    let path: UInt64
    /// Bounds of its weight, from splits on monotone columns above.
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
        /// Codes up to this one go left.
        var slot: Int32
        var missingLeft: Bool
    }
}
