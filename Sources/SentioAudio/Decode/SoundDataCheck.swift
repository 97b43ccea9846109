/// libsndfile quietly shortens a file whose sound is cut off; this says so, from what the headers claim.
enum SoundDataCheck {
    /// Where the sound lies, and how many bytes it should have.
    private struct Claim {
        let offset: Int
        let bytes: Int
    }

    /// Throws `AudioError.truncatedData` where the data of a WAV, RF64, AIFF, CAF or AU file claims over 1 % more bytes
    /// than follow, or the last page of an Ogg file is cut off. A size that its writer never knew is accepted, whatever
    /// follows: 0, all ones, and in WAV what lies near 2^31 or 2^32.
    static func check(_ bytes: UnsafeRawBufferPointer) throws {
        guard let claim = claim(bytes) else { return }
        let found = max(0, bytes.count - claim.offset)
        let tolerance = bytes.starts(with: "OggS".utf8) ? 0 : claim.bytes / 100
        guard claim.bytes - found > tolerance else { return }
        throw AudioError.truncatedData(foundBytes: found, declaredBytes: claim.bytes, offset: claim.offset)
    }

    private static func claim(_ bytes: UnsafeRawBufferPointer) -> Claim? {
        guard bytes.count >= 12 else { return nil }
        switch name(bytes, 0) {
        case "RIFF" where name(bytes, 8) == "WAVE": return wav(bytes, littleEndian: true)
        case "RIFX" where name(bytes, 8) == "WAVE": return wav(bytes, littleEndian: false)
        case "RF64" where name(bytes, 8) == "WAVE": return wav(bytes, littleEndian: true)
        case "FORM" where name(bytes, 8).hasPrefix("AIF"):
            return chunk("SSND", in: bytes, from: 12, sizeBytes: 4).map { Claim(offset: $0.offset + 8, bytes: $0.bytes - 8) }
        case "caff":
            guard let data = chunk("data", in: bytes, from: 8, sizeBytes: 8), data.bytes != -1 else { return nil }
            return Claim(offset: data.offset + 4, bytes: data.bytes - 4)
        case ".snd":
            let size = number(bytes, 8, 4, littleEndian: false)
            return size == 0xFFFF_FFFF ? nil : Claim(offset: number(bytes, 4, 4, littleEndian: false), bytes: size)
        case "OggS": return cutPage(bytes)
        default: return nil
        }
    }

    private static func wav(_ bytes: UnsafeRawBufferPointer, littleEndian: Bool) -> Claim? {
        guard let data = chunk("data", in: bytes, from: 12, sizeBytes: 4, littleEndian: littleEndian) else { return nil }
        let size = data.bytes
        if size == 0xFFFF_FFFF, name(bytes, 0) == "RF64",
            let sizes = chunk("ds64", in: bytes, from: 12, sizeBytes: 4, littleEndian: true), sizes.offset + 16 <= bytes.count
        {
            let declared = number(bytes, sizes.offset + 8, 8, littleEndian: true)
            return declared <= 0 ? nil : Claim(offset: data.offset, bytes: declared)
        }
        return size == 0 || size >= 0xFFFF_F000 || (0x7FFF_F000...0x8000_0000).contains(size) ? nil : data
    }

    /// The contents of the first chunk of this name; chunks are padded to even sizes, in CAF not.
    private static func chunk(
        _ wanted: String, in bytes: UnsafeRawBufferPointer, from start: Int, sizeBytes: Int, littleEndian: Bool = false
    ) -> Claim? {
        var at = start
        while at + 4 + sizeBytes <= bytes.count {
            let size = number(bytes, at + 4, sizeBytes, littleEndian: littleEndian)
            let contents = at + 4 + sizeBytes
            if name(bytes, at) == wanted { return Claim(offset: contents, bytes: size) }
            guard size >= 0, size < bytes.count - contents else { return nil }
            at = contents + size + (sizeBytes == 4 ? size % 2 : 0)
        }
        return nil
    }

    /// The page that goes beyond the end, if there is one. What follows the last page (a tag) is libsndfile's concern.
    private static func cutPage(_ bytes: UnsafeRawBufferPointer) -> Claim? {
        var at = 0
        while at + 4 <= bytes.count, name(bytes, at) == "OggS" {
            let table = at + 27
            guard table <= bytes.count, table + Int(bytes[table - 1]) <= bytes.count else {
                return Claim(offset: at, bytes: max(28, bytes.count - at + 1))
            }
            let segments = bytes[table..<(table + Int(bytes[table - 1]))]
            let length = 27 + segments.count + segments.reduce(0) { $0 + Int($1) }
            if at + length > bytes.count { return Claim(offset: at, bytes: length) }
            at += length
        }
        return nil
    }

    private static func name(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> String {
        String(decoding: bytes[at..<(at + 4)], as: UTF8.self)
    }

    /// An unsigned number; 8 bytes with the high bit set come out negative.
    private static func number(_ bytes: UnsafeRawBufferPointer, _ at: Int, _ count: Int, littleEndian: Bool) -> Int {
        let field = bytes[at..<(at + count)]
        return littleEndian ? field.reversed().reduce(0) { $0 << 8 | Int($1) } : field.reduce(0) { $0 << 8 | Int($1) }
    }
}
