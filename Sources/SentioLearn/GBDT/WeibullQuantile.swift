/// XGBoost's quantile of residuals: rank alpha x (n + 1) with linear interpolation (type 6 of Hyndman and Fan).
enum WeibullQuantile {
    static func of(_ numbers: some Collection<Float>, _ alpha: Double) -> Float {
        let sorted = numbers.sorted()
        let n = Double(sorted.count)
        if alpha <= 1 / (n + 1) { return sorted[0] }
        if alpha >= n / (n + 1) { return sorted[sorted.count - 1] }
        let rank = alpha * (n + 1)
        let below = Int(rank) - 1
        let fraction = rank - 1 - Double(below)
        return Float(Double(sorted[below]) + fraction * (Double(sorted[below + 1]) - Double(sorted[below])))
    }
}
