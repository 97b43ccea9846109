/// The STREAMINFO block of a native FLAC file, and where its frames begin.
struct FLACStreamInfo {
    /// Offset of the total number of samples: 36 bits, the low half of a byte and the next four bytes.
    static let totalOffset = 21

    let sampleRate: Int
    let channels: Int
    /// Bits per sample.
    let bits: Int
    /// Samples per channel; 0 if unknown.
    let total: Int
    let firstFrame: Int

    /// - Throws: `AudioError.damagedHeader`.
    init(_ fields: ByteFields, end: Int) throws {
        guard fields.has("fLaC", at: 0), let head = fields.number(4, 4), head & 0x7F00_0000 == 0,
            head & 0xFF_FFFF == 34,
            let facts = fields.unsigned(18, 8)
        else { throw AudioError.damagedHeader(reason: "the STREAMINFO block at the start of a FLAC file is missing") }
        sampleRate = Int(facts >> 44)
        channels = Int(facts >> 41 & 7) + 1
        bits = Int(facts >> 36 & 31) + 1
        total = Int(facts & 0xF_FFFF_FFFF)
        var at = 4
        while let head = fields.number(at, 4) {
            at += 4 + head & 0xFF_FFFF
            if head & 0x8000_0000 != 0 { break }
        }
        guard at <= end else {
            throw AudioError.damagedHeader(reason: "its metadata claim to extend to byte \(at) of \(fields.count)")
        }
        firstFrame = at
    }
}
