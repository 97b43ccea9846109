/// Bounds-checked access to the numbers and names in a file's bytes: nil beyond its end, never a trap.
struct ByteFields {
    let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var count: Int { bytes.count }

    func byte(_ at: Int) -> Int? { at >= 0 && at < bytes.count ? Int(bytes[at]) : nil }

    /// An unsigned number of 1 to 8 bytes.
    func unsigned(_ at: Int, _ width: Int, little: Bool = false) -> UInt64? {
        guard at >= 0, width <= bytes.count, at <= bytes.count - width else { return nil }
        let field = bytes[at..<(at + width)]
        return little ? field.reversed().reduce(0) { $0 << 8 | UInt64($1) } : field.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The same as an `Int`. Eight bytes with the high bit set give a negative number.
    func number(_ at: Int, _ width: Int, little: Bool = false) -> Int? {
        unsigned(at, width, little: little).map { Int(truncatingIfNeeded: $0) }
    }

    func has(_ text: StaticString, at: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard at >= 0, length <= bytes.count, at <= bytes.count - length else { return false }
        for i in 0..<length where bytes[at + i] != text.utf8Start[i] { return false }
        return true
    }

    /// A chunk name: four printable characters.
    func name(_ at: Int) -> String? {
        guard at >= 0, at <= bytes.count - 4, bytes[at..<(at + 4)].allSatisfy({ (0x20..<0x7F).contains($0) }) else {
            return nil
        }
        return String(decoding: bytes[at..<(at + 4)], as: UTF8.self)
    }

    func isZero(_ range: Range<Int>) -> Bool { bytes[range].allSatisfy { $0 == 0 } }
}
