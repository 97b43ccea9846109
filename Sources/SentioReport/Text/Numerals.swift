import SentioBase
import SentioLearn

/// Numbers as text for people.
enum Numerals {
    /// A fixed number of decimals, halves rounded away from 0; `–` for NaN.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return value.isNaN ? "–" : value > 0 ? "∞" : "-∞" }
        return NumberText.fixed(value, decimals, isGrouped: true)
    }

    /// With an explicit sign, `+` included.
    static func signed(_ value: Double, _ decimals: Int) -> String { (value >= 0 ? "+" : "") + fixed(value, decimals) }

    /// Four significant digits, with an exponent only for very large and very small numbers.
    static func short(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return fixed(value, 0) }
        let size = value.magnitude
        if size >= 1e9 || size < 1e-4 { return "\(Float(value))" }
        if let whole = Int(exactly: value) { return NumberText.grouped(whole) }
        var text = fixed(value, size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4)
        while text.contains("."), text.hasSuffix("0") || text.hasSuffix(".") { text.removeLast() }
        return text
    }

    /// `p = 0.012`, `p < 0.001`.
    static func p(_ value: Double) -> String { value < 0.001 ? "p < 0.001" : "p = \(fixed(value, 3))" }

    /// `[0.012, 0.049]`.
    static func range(_ interval: Interval, _ decimals: Int = 3) -> String {
        "[\(fixed(interval.lower, decimals)), \(fixed(interval.upper, decimals))]"
    }

    /// `1 song`, `2,300 songs`.
    static func count(_ number: Int, _ noun: String) -> String {
        "\(NumberText.grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }
}

extension Metric {
    /// The name in headings and sentences.
    var title: String {
        switch self {
        case .mse: "MSE"
        case .rmse: "RMSE"
        case .mae: "MAE"
        case .r2: "R²"
        case .pearson: "Pearson r"
        case .ccc: "CCC"
        }
    }

    /// The metrics of score tables, in the order customary in the field.
    static let reported: [Metric] = [.r2, .ccc, .rmse, .pearson, .mae]
}
