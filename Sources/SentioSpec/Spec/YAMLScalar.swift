package import SentioKit

/// The types of plain scalars by YAML 1.2's core schema.
package enum YAMLScalar {
    /// `3` is a whole number, `3.0` and `1e-3` numbers, `true` a boolean, `~` null, all else text.
    package static func value(_ text: String) -> Value {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        case ".nan", ".NaN", ".NAN": return .double(.nan)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .double(.infinity)
        case "-.inf", "-.Inf", "-.INF": return .double(-.infinity)
        default: break
        }
        guard let first = text.utf8.first, (0x30...0x39).contains(first) || "+-.".utf8.contains(first) else {
            return .string(text)
        }
        if text.hasPrefix("0x"), let number = Int(text.dropFirst(2), radix: 16) { return .int(number) }
        if text.hasPrefix("0o"), let number = Int(text.dropFirst(2), radix: 8) { return .int(number) }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }) else {
            return .string(text)
        }
        if let number = Int(text) { return .int(number) }
        // A whole number beyond 64 bits stays what was written; a decimal number would be another one.
        if text.utf8.drop(while: { "+-".utf8.contains($0) }).allSatisfy({ (0x30...0x39).contains($0) }) {
            return .string(text)
        }
        // `1e400` is no number that a computer holds; it must not pass as infinite.
        if let number = Double(text), number.isFinite { return .double(number) }
        return .string(text)
    }
}
