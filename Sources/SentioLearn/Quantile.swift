/// Quantiles of a sample by linear interpolation between order statistics: NumPy's default, type 7 of Hyndman & Fan.
public enum Quantile {
    /// The quantile of a sample that is already in ascending order.
    ///
    /// - Precondition: the sample is not empty and 0 <= level <= 1.
    static func ofSorted(_ sorted: [Double], _ level: Double) -> Double {
        precondition(!sorted.isEmpty && level >= 0 && level <= 1, "A quantile needs a sample and a level in 0...1.")
        let position = level * Double(sorted.count - 1)
        let lower = min(Int(position), sorted.count - 1)
        let fraction = position - Double(lower)
        guard fraction > 0, lower + 1 < sorted.count else { return sorted[lower] }
        return sorted[lower] + fraction * (sorted[lower + 1] - sorted[lower])
    }

    /// The quantile of a sample in any order.
    ///
    /// - Precondition: the sample is not empty, has no NaN, and 0 <= level <= 1.
    public static func of(_ sample: [Double], _ level: Double) -> Double {
        ofSorted(sample.sorted(), level)
    }
}
