import Foundation

/// A table cell as a number. All tables are read by this one rule: decimal notation with a point, such as `12`, `-0.5`
/// or `1e-3`, with or without spaces around it. Anything else that looks like a number is rejected, and `fault` says
/// why: hexadecimal notation, infinity, a decimal comma, thousands separators, text after the number, numbers out of
/// the range of a double such as `1e400` and `1e-400`.
public enum NumberCell {
    /// The number; NaN for a missing value, which is an empty cell or `nan` in any case; nil for anything else.
    public static func read(_ text: ArraySlice<UInt8>) -> Double? {
        let text = trimmed(text)
        if text.isEmpty { return .nan }
        return text.withUnsafeBufferPointer { exact($0) ?? rounded($0) }
    }

    /// The same for a string.
    public static func read(_ text: String) -> Double? { read(Array(text.utf8)[...]) }

    /// The number; nil also for a missing value.
    public static func present(_ text: String) -> Double? { read(text).flatMap { $0.isNaN ? nil : $0 } }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var text = text
        while text.first == 0x20 { text.removeFirst() }
        while text.last == 0x20 { text.removeLast() }
        return text
    }

    /// The powers of ten that a double represents exactly.
    private static let powers: [Double] = (0...22).map { power in (0..<power).reduce(1) { value, _ in value * 10 } }

    /// Short numbers: the digits and the power of ten are both exact, so their quotient is rounded only once (Clinger
    /// 1990).
    private static func exact(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        var index = 0, digits: UInt64 = 0, count = 0, scale = 0
        var isNegative = false, hasPoint = false
        if text[0] == UInt8(ascii: "-") {
            isNegative = true
            index = 1
        }
        while index < text.count {
            let byte = text[index]
            if byte &- 48 < 10 {
                digits = digits &* 10 &+ UInt64(byte &- 48)
                count += 1
                if hasPoint { scale += 1 }
            } else if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else {
                return nil
            }
            index += 1
        }
        guard count > 0, count <= 18, digits <= 1 << 53, scale <= 22 else { return nil }
        let value = Double(digits) / powers[scale]
        return isNegative ? -value : value
    }

    private static func rounded(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        // No double needs more characters. The check below admits only decimal notation: strtod reads more than that.
        guard text.count <= 1100 else { return nil }
        if text.count == 3, zip(text, [0x6E, 0x61, 0x6E] as [UInt8]).allSatisfy({ $0 | 0x20 == $1 }) { return .nan }
        guard text.allSatisfy({ $0 &- 48 < 10 || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) }) else { return nil }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: text.count + 1) { copy in
            for index in text.indices { copy[index] = CChar(text[index]) }
            copy[text.count] = 0
            guard let start = copy.baseAddress else { return nil }
            var end: UnsafeMutablePointer<CChar>?
            let value = strtod(start, &end)
            guard end == start + text.count, value.isFinite else { return nil }
            return value == 0 && !saysZero(text) ? nil : value
        }
    }

    /// Whether a decimal number is written as zero; `1e-400` is not, although it rounds to it.
    static func saysZero(_ text: some Sequence<UInt8>) -> Bool {
        text.prefix { $0 | 0x20 != UInt8(ascii: "e") }.allSatisfy { !(0x31...0x39).contains($0) }
    }
}
