/// Sun's and NeXT's `.au`, big-endian: six numbers, a comment, then samples to the end.
struct AUContainer: SampleContainer {
    private(set) var layout = SampleLayout()

    /// - Throws: `AudioError.damagedHeader` if the audio would start beyond the end.
    init(_ fields: ByteFields, end: Int) throws {
        guard let start = fields.number(4, 4), let size = fields.number(8, 4), let code = fields.number(12, 4),
            let rate = fields.number(16, 4), let channels = fields.number(20, 4)
        else { throw AudioError.damagedHeader(reason: "it is shorter than 24 bytes") }
        guard start >= 24, start <= end else {
            throw AudioError.damagedHeader(reason: "the audio would begin at byte \(start) of \(fields.count)")
        }
        let available = end - start
        let isUnwritten = UnwrittenSize.isPlaceholder(size, available: available) || size == 0 && available > 0
        layout.sampleRate = rate
        if let bytes = [1: 1, 2: 1, 3: 2, 4: 3, 5: 4, 6: 4, 7: 8, 27: 1][code], (1...1024).contains(channels) {
            layout.frameBytes = channels * bytes
        }
        layout.add(
            start..<(start + (isUnwritten ? available : min(size, available))), declared: isUnwritten ? nil : size)
        if !isUnwritten, size < available { layout.rest = (start + size)..<end }
    }

    func rebuilt(_ bytes: UnsafeRawBufferPointer, _ ranges: [Range<Int>]) throws -> [UInt8] {
        let size = ranges.reduce(0) { $0 + $1.count }
        guard size < 0xFFFF_0000 else {
            throw AudioError.unreadable(reason: "it has 4 GB of audio and a header without its size")
        }
        var file = FileBuilder(little: false)
        file.add(bytes, [0..<4])
        file.add(24, width: 4)
        file.add(UInt64(size), width: 4)
        file.add(bytes, [12..<24])
        file.add(bytes, ranges)
        return file.bytes
    }
}
