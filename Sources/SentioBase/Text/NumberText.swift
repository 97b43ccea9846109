import Foundation

/// Numbers as text for people.
public enum NumberText {
    /// The shortest text that parses as the same number, `9` instead of `9.0` for integers.
    public static func short(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }

    /// Rounded to at most this many decimals, of which at least one remains: `0.25` and `1.0` with three.
    public static func rounded(_ number: Double, to decimals: Int) -> String {
        let scale = power(decimals)
        return "\((number * scale).rounded() / scale)"
    }

    /// Exactly three decimals, rounded like `printf`.
    public static func three(_ number: Double) -> String { String(format: "%.3f", locale: nil, number) }

    /// Exactly this many decimals, halves rounded away from 0, without a sign if the result is 0.
    /// - Parameter isGrouped: whether to separate thousands as in `grouped`.
    public static func fixed(_ number: Double, _ decimals: Int, isGrouped: Bool = false) -> String {
        let scale = power(decimals)
        guard number.magnitude * scale < 9e15 else { return "\(number)" }
        let scaled = Int((number.magnitude * scale).rounded()), whole = scaled / Int(scale)
        let text = (number < 0 && scaled > 0 ? "-" : "") + (isGrouped ? grouped(whole) : "\(whole)")
        return decimals == 0 ? text : text + "." + padded(scaled % Int(scale), to: decimals)
    }

    /// Thousands separated by commas if there are at least five digits: `1234`, `12,345`.
    public static func grouped(_ number: some BinaryInteger) -> String {
        let digits = String(number.magnitude), sign = number < 0 ? "-" : ""
        guard digits.count > 4 else { return sign + digits }
        return sign
            + digits.enumerated().map { (digits.count - $0) % 3 == 0 && $0 > 0 ? ",\($1)" : "\($1)" }.joined()
    }

    /// Padded with leading zeros: `007`.
    public static func padded(_ number: some BinaryInteger, to digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    /// A number with its noun, whose plural ends in `s`: `1 song`, `2 songs`.
    public static func count(_ number: Int, _ noun: String) -> String {
        number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
    }

    private static func power(_ decimals: Int) -> Double { (0..<decimals).reduce(1) { power, _ in power * 10 } }
}
