/// The quantile of split-conformal prediction (Papadopoulos et al. 2002; Lei et al. 2018).
public enum ConformalQuantile {
    /// The smallest score that a further score of the same kind does not exceed with at least probability `level`: the
    /// score of rank ceil((n + 1) level).
    ///
    /// - Parameters:
    ///   - scores: in any order, without NaN.
    ///   - level: between 0 and 1.
    /// - Returns: nil with fewer than `needed(level)` scores.
    public static func of(_ scores: [Double], level: Double) -> Double? {
        let rank = rank(scores.count, level)
        guard rank <= scores.count else { return nil }
        return scores.sorted()[max(0, rank - 1)]
    }

    /// How many scores a level needs: 9 for 0.9, 19 for 0.95, 99 for 0.99.
    public static func needed(_ level: Double) -> Int {
        var count = max(1, Int(level / (1 - level)) - 2)
        while rank(count, level) > count { count += 1 }
        return count
    }

    private static func rank(_ count: Int, _ level: Double) -> Int {
        let exact = Double(count + 1) * level
        // A product such as 20 x 0.55 lies one rounding error above the integer that it is.
        return Int((exact - 1e-9 * exact).rounded(.up))
    }
}
