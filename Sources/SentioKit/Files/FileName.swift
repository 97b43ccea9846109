/// File names are bytes, which are not always UTF-8 text.
public enum FileName {
    /// The bytes as text for a message: control characters and bytes that are not UTF-8 as `\xE9`.
    public static func escaped(_ bytes: some Collection<UInt8>) -> String {
        var out = "", rest = Array(bytes)[...]
        while let first = rest.first {
            let length = (1...min(4, rest.count)).first { String(validating: rest.prefix($0), as: UTF8.self) != nil }
            if let length, let text = String(validating: rest.prefix(length), as: UTF8.self), first >= 0x20,
                first != 0x7F
            {
                out += text
                rest = rest.dropFirst(length)
            } else {
                let digits = Array("0123456789ABCDEF")
                out += "\\x\(digits[Int(first >> 4)])\(digits[Int(first & 15)])"
                rest = rest.dropFirst()
            }
        }
        return out
    }

    /// The name as text for a message: control characters as `\x0A`.
    public static func escaped(_ name: String) -> String { escaped(name.utf8) }

    /// The failure for a name that is not UTF-8, which no artifact or key can contain.
    /// - Parameter name: already escaped.
    public static func notText(_ name: String) -> StageFailure {
        StageFailure(
            "The name of \(name) is not UTF-8 (`\\x…` stands for an invalid byte). Rename the file: names in artifacts "
                + "and keys must be UTF-8."
        )
    }
}
