import SentioLearn

/// Numbers as people read them.
enum Numerals {
    /// A fixed number of decimals, rounded half away from 0; `–` for what is no number.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return value.isNaN ? "–" : value > 0 ? "∞" : "-∞" }
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        guard value.magnitude * scale < 9e15 else { return "\(value)" }
        let scaled = Int((value.magnitude * scale).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        if decimals == 0 { return sign + grouped(scaled) }
        let fraction = String(scaled % Int(scale))
        return sign + grouped(scaled / Int(scale)) + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }

    /// With its sign, also where it is positive.
    static func signed(_ value: Double, _ decimals: Int) -> String { (value >= 0 ? "+" : "") + fixed(value, decimals) }

    /// Four significant digits, without an exponent where it can be helped.
    static func short(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return fixed(value, 0) }
        let size = value.magnitude
        if size >= 1e9 || size < 1e-4 { return "\(Float(value))" }
        if let whole = Int(exactly: value) { return (whole < 0 ? "-" : "") + grouped(whole.magnitude) }
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
    static func count(_ number: Int, _ noun: String) -> String { "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")" }

    /// `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min`.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e12 else { return "–" }
        if seconds < 0.0095 { return "\(Int((max(0, seconds) * 1000).rounded())) ms" }
        if seconds < 10 { return fixed(seconds, seconds < 1 ? 2 : 1) + " s" }
        let whole = Int(seconds.rounded())
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(two(whole % 60)) s" }
        return "\(whole / 3600) h \(two(whole % 3600 / 60)) min"
    }

    private static func grouped(_ value: some BinaryInteger) -> String {
        let digits = String(value)
        guard digits.count > 4 else { return digits }
        var out = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0, digits[digits.index(digits.startIndex, offsetBy: index - 1)] != "-" {
                out += ","
            }
            out.append(digit)
        }
        return out
    }
}

extension Metric {
    /// As a table's heading has it.
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

    /// In the order in which the field reports them.
    static let reported: [Metric] = [.r2, .ccc, .rmse, .pearson, .mae]
}
