/// The silent first frame in which encoders store the number of frames that follow: Xing, Info (LAME and others) or
/// VBRI (Fraunhofer).
struct MP3InfoFrame {
    /// Samples of its own delay that libmpg123 removes together with the encoder's.
    static let decoderDelay = 529

    /// Number of audio frames; nil if absent or 0.
    let declaredFrames: Int?
    /// Offset of that number from the start of the frame; nil if absent.
    let countOffset: Int?
    /// Bytes in all frames, this one included; nil if absent.
    let declaredBytes: Int?
    /// Encoder delay and padding in samples, and the offset of these numbers; nil without a LAME tag.
    let gaps: (delay: Int, padding: Int, offset: Int)?

    init?(_ bytes: UnsafeRawBufferPointer, at frame: Int, length: Int, _ header: MP3FrameHeader) {
        guard header.layer == 3, frame >= 0, length > 40, length <= bytes.count, frame <= bytes.count - length else {
            return nil
        }
        let sideInfo = header.version == 0 ? (header.channels == 1 ? 17 : 32) : (header.channels == 1 ? 9 : 17)
        let xing = 4 + sideInfo
        // This runs for every frame, so the cheap check comes first: X, I, V.
        let first = bytes[frame + xing]
        guard first == 0x58 || first == 0x49 || bytes[frame + 36] == 0x56 else { return nil }
        let fields = ByteFields(UnsafeRawBufferPointer(rebasing: bytes[frame..<(frame + length)]))
        if fields.has("Xing", at: xing) || fields.has("Info", at: xing), let flags = fields.number(xing + 4, 4) {
            countOffset = flags & 1 != 0 && xing + 12 <= length ? xing + 8 : nil
            declaredBytes = flags & 2 != 0 ? fields.number(xing + 8 + (flags & 1 != 0 ? 4 : 0), 4) : nil
            let lame =
                xing + 8 + (flags & 1 != 0 ? 4 : 0) + (flags & 2 != 0 ? 4 : 0) + (flags & 4 != 0 ? 100 : 0)
                + (flags & 8 != 0 ? 4 : 0)
            gaps = Self.gaps(fields, lame)
        } else if fields.has("VBRI", at: 36) {
            countOffset = 54 <= length ? 50 : nil
            declaredBytes = fields.number(46, 4)
            gaps = nil
        } else {
            return nil
        }
        declaredFrames = countOffset.flatMap { fields.number($0, 4) }.flatMap { $0 == 0 ? nil : $0 }
    }

    private static func gaps(_ fields: ByteFields, _ lame: Int) -> (delay: Int, padding: Int, offset: Int)? {
        guard let first = fields.byte(lame), first != 0, let numbers = fields.number(lame + 21, 3) else { return nil }
        return (numbers >> 12, numbers & 0xFFF, lame + 21)
    }

    /// The most samples that libmpg123 removes.
    var trimmedSamples: Int { gaps.map { delayed($0.delay) + max(0, $0.padding - Self.decoderDelay) } ?? 0 }
    /// The same if the padding is ignored.
    var trimmedDelay: Int { gaps.map { delayed($0.delay) } ?? 0 }

    private func delayed(_ delay: Int) -> Int { delay + Self.decoderDelay }
}
