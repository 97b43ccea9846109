/// Reads a protocol buffer message or an SSTable block sequentially.
struct ProtocolBuffer {
    enum Field: Equatable {
        case number(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// A variable-length number, seven bits per byte, least significant first; nil at the end or beyond 64 bits.
    mutating func varint() -> UInt64? {
        var value: UInt64 = 0, shift: UInt64 = 0
        while let byte = rest.popFirst() {
            guard shift < 63 || byte < 2 else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }

    /// A length or an offset; nil if it does not fit an `Int`.
    mutating func length() -> Int? { varint().flatMap { Int(exactly: $0) } }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// All fields of a message, in order; nil if the bytes are not a message.
    static func fields(_ message: ArraySlice<UInt8>) -> [(number: UInt64, field: Field)]? {
        var buffer = ProtocolBuffer(message), fields: [(number: UInt64, field: Field)] = []
        while !buffer.rest.isEmpty {
            guard let tag = buffer.varint() else { return nil }
            let field: Field?
            switch tag & 7 {
            case 0: field = buffer.varint().map { .number($0) }
            case 2: field = buffer.length().flatMap { buffer.take($0) }.map { .bytes($0) }
            case 5: field = buffer.take(4).flatMap { LittleEndian($0).number(at: 0, 4) }.map { .number(UInt64($0)) }
            default: field = nil
            }
            guard let field else { return nil }
            fields.append((tag >> 3, field))
        }
        return fields
    }
}
