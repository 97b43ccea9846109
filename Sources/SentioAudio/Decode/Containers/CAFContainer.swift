/// Apple's Core Audio Format.
struct CAFContainer: SampleContainer {
    private(set) var layout = SampleLayout()
    private var dataHeader = 0

    /// - Throws: `AudioError.damagedHeader` if there is no audio.
    init(_ fields: ByteFields, end: Int) throws {
        var walk = ChunkWalk(fields, from: 8, end: end, sizeBytes: 8, little: false)
        var hasData = false
        while let chunk = walk.chunk() {
            var size = chunk.size
            if chunk.name == "desc" { readDescription(fields, at: chunk.contents) }
            if chunk.name == "data", !hasData {
                hasData = true
                dataHeader = chunk.header
                let available = end - chunk.contents
                // In CAF, -1 means "to the end". The first 4 bytes of the chunk are an edit count, not audio.
                let isUnwritten =
                    size < 0 || size <= 4 && available > 4 && !walk.isChunksToTheEnd(from: chunk.contents + size)
                if isUnwritten { size = available }
                let start = min(end, chunk.contents + 4)
                let claimed = max(0, size - 4)
                layout.add(start..<(start + min(claimed, end - start)), declared: isUnwritten ? nil : claimed)
            }
            if !walk.pass(chunk, size: size) { break }
        }
        guard hasData else { throw AudioError.damagedHeader(reason: "there is no `data` chunk") }
        layout.rest = walk.rest
    }

    private mutating func readDescription(_ fields: ByteFields, at: Int) {
        guard let rate = fields.unsigned(at, 8).map(Double.init(bitPattern:)), let bytes = fields.number(at + 16, 4)
        else { return }
        if rate >= 1, rate < 1e9 { layout.sampleRate = Int(rate) }
        if bytes > 0, ["lpcm", "ulaw", "alaw"].contains(fields.name(at + 8)), fields.number(at + 20, 4) == 1 {
            layout.frameBytes = bytes
        }
    }

    /// The file up to the end of the audio, with the size filled in.
    func rebuilt(_ bytes: UnsafeRawBufferPointer, _ ranges: [Range<Int>]) throws -> [UInt8] {
        let size = ranges.reduce(0) { $0 + $1.count }
        var file = FileBuilder(little: false)
        file.add(bytes, [0..<(dataHeader + 4)])
        file.add(UInt64(4 + size), width: 8)
        file.add(0, width: 4)
        file.add(bytes, ranges)
        return file.bytes
    }
}
