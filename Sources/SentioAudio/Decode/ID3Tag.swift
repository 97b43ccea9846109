/// ID3v2 tags: before the audio, and between files that were concatenated.
enum ID3Tag {
    /// The offset after all ID3v2 tags at the start.
    /// - Throws: `AudioError.id3TagBeyondEnd`.
    static func skip(_ bytes: UnsafeRawBufferPointer) throws -> Int {
        let fields = ByteFields(bytes)
        var at = 0
        while let length = length(fields, at: at) {
            guard length <= bytes.count - at else {
                throw AudioError.id3TagBeyondEnd(
                    claimedBytes: length - 10, availableBytes: bytes.count - at - 10, offset: at)
            }
            at += length
        }
        return at
    }

    /// The declared length of the tag at an offset, header included; nil if there is none.
    static func length(_ fields: ByteFields, at: Int) -> Int? {
        guard fields.has("ID3", at: at), let flags = fields.byte(at + 5), at <= fields.count - 10 else { return nil }
        let sizes = fields.bytes[(at + 6)..<(at + 10)]
        // Four bytes of 7 bits each. A set high bit means that a broken writer stored a plain 32-bit size.
        let bits = sizes.allSatisfy { $0 < 0x80 } ? 7 : 8
        return 10 + sizes.reduce(0) { $0 << bits | Int($1) } + (flags & 0x10 != 0 ? 10 : 0)
    }
}
