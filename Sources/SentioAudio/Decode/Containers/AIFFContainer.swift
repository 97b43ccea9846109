/// AIFF and AIFF-C.
struct AIFFContainer: SampleContainer {
    private(set) var layout = SampleLayout()
    private let isCompressedForm: Bool
    /// The contents of the `COMM` chunk.
    private var common = 0..<0

    /// - Throws: `AudioError.damagedHeader` if there is no audio.
    init(_ fields: ByteFields, end: Int) throws {
        isCompressedForm = fields.has("AIFC", at: 8)
        var walk = ChunkWalk(fields, from: 12, end: end, little: false)
        var hasData = false
        while let chunk = walk.chunk() {
            var size = chunk.size
            if chunk.name == "COMM" { common = chunk.contents..<min(end, chunk.contents + min(size, 1 << 16)) }
            if chunk.name == "SSND" {
                hasData = true
                let available = end - chunk.contents
                // A size of 8 covers the two numbers before the audio: the size of the audio was never written.
                let isUnwritten =
                    UnwrittenSize.isPlaceholder(size, available: available)
                    || size <= 8 && available > 8 && !walk.isChunksToTheEnd(from: chunk.contents + size)
                guard let skipped = fields.number(chunk.contents, 4), isUnwritten || skipped <= size - 8 || skipped == 0
                else {
                    throw AudioError.damagedHeader(reason: "the audio would start after the end of its `SSND` chunk")
                }
                if isUnwritten { size = available }
                let start = min(end, chunk.contents + 8 + skipped)
                let claimed = max(0, size - 8 - skipped)
                layout.add(start..<(start + min(claimed, end - start)), declared: isUnwritten ? nil : claimed)
            }
            if !walk.pass(chunk, size: size) { break }
        }
        guard hasData else { throw AudioError.damagedHeader(reason: "there is no `SSND` chunk") }
        layout.rest = walk.rest
        readCommon(fields)
    }

    private mutating func readCommon(_ fields: ByteFields) {
        let at = common.lowerBound
        guard common.count >= 18, let channels = fields.number(at, 2), let frames = fields.number(at + 2, 4),
            let bits = fields.number(at + 6, 2), let exponent = fields.number(at + 8, 2),
            let mantissa = fields.unsigned(at + 10, 8)
        else { return }
        // 80-bit IEEE extended precision; rates up to 2^31.
        if (16_383...16_414).contains(exponent) { layout.sampleRate = Int(mantissa >> UInt64(16_383 + 63 - exponent)) }
        let kind = isCompressedForm ? fields.name(at + 18) ?? "" : "NONE"
        let sampleBytes: Int? =
            switch kind {
            case "ulaw", "ULAW", "alaw", "ALAW": 1
            case "fl32", "FL32", "in32", "23ni": 4
            case "fl64", "FL64": 8
            case "in24", "42ni": 3
            case "NONE", "none", "twos", "sowt", "raw ": bits > 0 ? (bits + 7) / 8 : nil
            default: nil
            }
        guard let sampleBytes, channels > 0 else { return }
        layout.frameBytes = channels * sampleBytes
        // A writer that did not know the number of bytes did not know the number of frames.
        if layout.declaredBytes != nil || frames < 0x7FFF_0000 / (channels * sampleBytes) {
            layout.declaredFrames = frames
        }
    }

    func rebuilt(_ bytes: UnsafeRawBufferPointer, _ ranges: [Range<Int>]) throws -> [UInt8] {
        let size = ranges.reduce(0) { $0 + $1.count }
        guard size < 0xFFFF_0000 - common.count else {
            throw AudioError.unreadable(reason: "it has 4 GB of audio and a header without its size")
        }
        var header = Array(bytes[common])
        if let frameBytes = layout.frameBytes, header.count >= 6 {
            for i in 0..<4 { header[2 + i] = UInt8(truncatingIfNeeded: (size / frameBytes) >> (24 - 8 * i)) }
        }
        var file = FileBuilder(little: false)
        file.add("FORM")
        file.add(UInt64(4 + 8 + header.count + header.count % 2 + 16 + size), width: 4)
        file.add(isCompressedForm ? "AIFC" : "AIFF")
        file.addChunk("COMM", bytes, [], prefix: header)
        file.addChunk("SSND", bytes, ranges, prefix: [UInt8](repeating: 0, count: 8))
        return file.bytes
    }
}
