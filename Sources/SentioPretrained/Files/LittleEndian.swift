/// Bounds-checked access to little-endian unsigned numbers; nil beyond the end.
struct LittleEndian {
    let bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// - Parameters:
    ///   - offset: from the start of the slice.
    ///   - count: number of bytes, at most 7, so that the number fits an `Int`.
    func number(at offset: Int, _ count: Int) -> Int? {
        guard let field = slice(at: offset, count) else { return nil }
        return field.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    func slice(at offset: Int, _ count: Int) -> ArraySlice<UInt8>? {
        guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else { return nil }
        return bytes[(bytes.startIndex + offset)..<(bytes.startIndex + offset + count)]
    }
}
