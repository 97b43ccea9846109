/// Text from a user's file, short enough for a message and free of characters that a terminal would act on.
public enum Excerpt {
    /// The first 40 characters; control characters as `\0`, `\t` or `\u{1B}`.
    public static func text(_ cell: String) -> String {
        var out = "", count = 0
        for character in cell {
            guard count < 40 else { return out + "…" }
            count += 1
            for scalar in character.unicodeScalars { out += shown(scalar) }
        }
        return out
    }

    private static func shown(_ scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case 0: "\\0"
        case 0x09: "\\t"
        case 0x0A: "\\n"
        case 0x0D: "\\r"
        case 0..<0x20, 0x7F..<0xA0: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        default: String(scalar)
        }
    }
}
