/// Writes JSON piece by piece, because a model of 1,000 trees has half a million numbers. Each `Float` gets the
/// shortest text that reads back as the same value.
struct JSONText {
    private(set) var bytes: [UInt8] = []

    /// Appends text that is already JSON.
    mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                raw("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func list<Elements: Sequence>(_ elements: Elements, _ write: (inout JSONText, Elements.Element) -> Void) {
        bytes.append(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            write(&self, element)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// The members of an object of strings, sorted by key.
    mutating func members(_ values: [String: String]) {
        for (index, (key, value)) in values.sorted(by: { $0.key < $1.key }).enumerated() {
            if index > 0 { raw(",") }
            string(key)
            raw(":")
            string(value)
        }
    }

    mutating func numbers(_ key: String, _ values: some Sequence<Int32>) {
        raw("\"\(key)\":")
        list(values) { $0.raw("\($1)") }
    }

    /// - Precondition: the values are finite, because JSON has no others.
    mutating func singles(_ key: String, _ values: [Float]) {
        precondition(values.allSatisfy(\.isFinite), "JSON can only hold finite numbers.")
        raw("\"\(key)\":")
        list(values) { $0.raw("\($1)") }
    }
}
