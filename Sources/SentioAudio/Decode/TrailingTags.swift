/// Tags that programs append to files of any format: ID3v1 (and its extension TAG+), APE, Lyrics3, ID3v2 with a footer.
/// They are valid and not audio.
enum TrailingTags {
    /// Where the trailing tags begin; the number of bytes if there are none.
    static func start(_ bytes: UnsafeRawBufferPointer, notBefore first: Int = 0) -> Int {
        let fields = ByteFields(bytes)
        var end = bytes.count
        while let length = length(fields, before: end), length <= end - first { end -= length }
        return end
    }

    /// The length of a tag that begins at an offset, between parts of the audio. Lyrics3 does not give its length: nil.
    static func length(_ fields: ByteFields, at: Int) -> Int? {
        if let length = ID3Tag.length(fields, at: at) { return length }
        if fields.has("TAG+", at: at) { return 227 }
        if fields.has("TAG", at: at) { return 128 }
        guard fields.has("APETAGEX", at: at), let size = fields.number(at + 12, 4, little: true) else { return nil }
        let isHeader = (fields.number(at + 20, 4, little: true) ?? 0) & 1 << 29 != 0
        return isHeader ? 32 + size : 32
    }

    private static func length(_ fields: ByteFields, before end: Int) -> Int? {
        if fields.has("TAG", at: end - 128) { return 128 }
        if fields.has("TAG+", at: end - 227) { return 227 }
        if fields.has("APETAGEX", at: end - 32), let size = fields.number(end - 20, 4, little: true),
            let flags = fields.number(end - 12, 4, little: true)
        {
            return max(32, size) + (flags & 1 << 31 != 0 ? 32 : 0)
        }
        if fields.has("LYRICS200", at: end - 9) { return lyrics2(fields, end) }
        if fields.has("LYRICSEND", at: end - 9) { return lyrics1(fields, end) }
        if fields.has("3DI", at: end - 10), end >= 20 {
            let size = fields.bytes[(end - 4)..<end].reduce(0) { $0 << 7 | Int($1 & 0x7F) }
            if fields.has("ID3", at: end - size - 20) { return size + 20 }
        }
        return nil
    }

    private static func lyrics2(_ fields: ByteFields, _ end: Int) -> Int? {
        guard end >= 15, let size = Int(String(decoding: fields.bytes[(end - 15)..<(end - 9)], as: UTF8.self)),
            size >= 11,
            fields.has("LYRICSBEGIN", at: end - 15 - size)
        else { return nil }
        return size + 15
    }

    /// At most 5100 characters of text lie between the two markers.
    private static func lyrics1(_ fields: ByteFields, _ end: Int) -> Int? {
        for length in 20...5120 where fields.has("LYRICSBEGIN", at: end - length) { return length }
        return nil
    }
}
