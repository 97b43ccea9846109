/// Holm's step-down adjustment (1979) of the p-values of several comparisons. It keeps the chance of any false positive
/// at the level of a single test.
public enum HolmAdjustment {
    /// The adjusted p-values, in the same order. NaN stays NaN and does not count as a test.
    public static func adjusted(_ p: [Double]) -> [Double] {
        let order = p.indices.filter { !p[$0].isNaN }.sorted { p[$0] < p[$1] }
        var out = p, least = 0.0
        for (rank, index) in order.enumerated() {
            least = max(least, min(1, p[index] * Double(order.count - rank)))
            out[index] = least
        }
        return out
    }
}
