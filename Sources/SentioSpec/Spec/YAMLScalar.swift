package import SentioKit

/// Types plain scalars by YAML 1.2's core schema.
package enum YAMLScalar {
    /// `3` is a whole number, `3.0` and `1e-3` are numbers, `true` is a boolean, `~` is null, everything else is text.
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
        // A whole number beyond 64 bits stays text; as a double it would be another number.
        if text.utf8.drop(while: { "+-".utf8.contains($0) }).allSatisfy({ (0x30...0x39).contains($0) }) {
            return .string(text)
        }
        // `1e400` is out of range; it must not become infinite.
        if let number = Double(text), number.isFinite { return .double(number) }
        return .string(text)
    }
}
