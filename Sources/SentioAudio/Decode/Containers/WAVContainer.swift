/// WAV, big-endian WAV (RIFX), and WAV with 64-bit sizes (RF64, BW64).
struct WAVContainer: SampleContainer {
    private(set) var layout = SampleLayout()
    private let little: Bool
    /// The contents of the `fmt ` chunk.
    private var format = 0..<0

    /// - Throws: `AudioError.damagedHeader` if there is no audio.
    init(_ fields: ByteFields, end: Int) throws {
        little = !fields.has("RIFX", at: 0)
        let isLong = fields.has("RF64", at: 0) || fields.has("BW64", at: 0)
        layout.needsRebuilding = fields.has("BW64", at: 0)
        var walk = ChunkWalk(fields, from: 12, end: end, little: little)
        var longSize: Int?
        var hasData = false
        while let chunk = walk.chunk() {
            var size = chunk.size
            switch chunk.name {
            case "ds64": longSize = fields.number(chunk.contents + 8, 8, little: true)
            case "fmt ": format = chunk.contents..<min(end, chunk.contents + max(0, min(size, 1 << 16)))
            case "data":
                hasData = true
                let available = end - chunk.contents
                if isLong, size == 0xFFFF_FFFF { size = longSize ?? -1 }
                let isUnwritten =
                    size < 0 || UnwrittenSize.isPlaceholder(size, available: available)
                    || size == 0 && !walk.isChunksToTheEnd(from: chunk.contents)
                layout.add(
                    chunk.contents..<(chunk.contents + (isUnwritten ? available : min(size, available))),
                    declared: isUnwritten ? nil : size
                )
                if isUnwritten { size = available }
            default: break
            }
            if !walk.pass(chunk, size: size) { break }
        }
        guard hasData else { throw AudioError.damagedHeader(reason: "there is no `data` chunk") }
        layout.rest = walk.rest
        readFormat(fields)
    }

    private mutating func readFormat(_ fields: ByteFields) {
        let at = format.lowerBound
        guard format.count >= 16, let channels = fields.number(at + 2, 2, little: little),
            let rate = fields.number(at + 4, 4, little: little),
            let bits = fields.number(at + 14, 2, little: little), var code = fields.number(at, 2, little: little)
        else { return }
        layout.sampleRate = rate
        if code == 0xFFFE, format.count >= 26 { code = fields.number(at + 24, 2, little: little) ?? code }
        // PCM, float, A-law, µ-law
        if [1, 3, 6, 7].contains(code), channels > 0, bits > 0 { layout.frameBytes = channels * ((bits + 7) / 8) }
    }

    func rebuilt(_ bytes: UnsafeRawBufferPointer, _ ranges: [Range<Int>]) throws -> [UInt8] {
        let size = ranges.reduce(0) { $0 + $1.count }
        guard size < 0xFFFF_0000 - format.count else {
            throw AudioError.unreadable(reason: "it has 4 GB of audio and a header without its size")
        }
        var file = FileBuilder(little: little)
        file.add(little ? "RIFF" : "RIFX")
        file.add(UInt64(4 + 8 + format.count + format.count % 2 + 8 + size), width: 4)
        file.add("WAVE")
        file.addChunk("fmt ", bytes, [format])
        file.addChunk("data", bytes, ranges)
        return file.bytes
    }
}

/// Builds a file from numbers, names and parts of other files.
struct FileBuilder {
    private(set) var bytes: [UInt8] = []
    let little: Bool

    init(little: Bool) { self.little = little }

    mutating func add(_ text: StaticString) { text.withUTF8Buffer { bytes.append(contentsOf: $0) } }

    mutating func add(_ number: UInt64, width: Int) {
        for i in 0..<width {
            bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * (little ? i : width - 1 - i))))
        }
    }

    mutating func add(_ source: UnsafeRawBufferPointer, _ ranges: [Range<Int>]) {
        bytes.reserveCapacity(bytes.count + ranges.reduce(1) { $0 + $1.count })
        for range in ranges { bytes.append(contentsOf: source[range]) }
    }

    /// A chunk, padded to an even size.
    mutating func addChunk(
        _ name: StaticString, _ source: UnsafeRawBufferPointer, _ ranges: [Range<Int>], prefix: [UInt8] = []
    ) {
        let size = prefix.count + ranges.reduce(0) { $0 + $1.count }
        add(name)
        add(UInt64(size), width: 4)
        bytes.append(contentsOf: prefix)
        add(source, ranges)
        if size % 2 == 1 { bytes.append(0) }
    }
}
