/// Iterates over the chunks of a WAV, AIFF or CAF file: a name of four characters, a size, and that many bytes.
struct ChunkWalk {
    struct Chunk {
        let name: String
        let header: Int
        let contents: Int
        /// As declared. Negative or beyond the end if the writer did not know it or the file was truncated.
        let size: Int
    }

    let fields: ByteFields
    let end: Int
    /// Width of a size: 4 in WAV and AIFF, whose chunks are padded to even offsets; 8 in CAF, whose chunks are not.
    let sizeBytes: Int
    let little: Bool
    private(set) var at: Int
    private var isPadded = false

    init(_ fields: ByteFields, from start: Int, end: Int, sizeBytes: Int = 4, little: Bool) {
        self.fields = fields
        self.end = end
        self.sizeBytes = sizeBytes
        self.little = little
        at = start
    }

    /// The chunk at the current position; nil if there is none. Only `pass` advances beyond it.
    mutating func chunk() -> Chunk? {
        // Some writers omit the padding byte after an odd size.
        if isPadded, fields.name(at) == nil, at - 1 >= 0, fields.name(at - 1) != nil { at -= 1 }
        isPadded = false
        guard at <= end - 4 - sizeBytes, let name = fields.name(at),
            let size = fields.number(at + 4, sizeBytes, little: little)
        else { return nil }
        return Chunk(name: name, header: at, contents: at + 4 + sizeBytes, size: size)
    }

    /// Chunks that may be truncated at the end without loss of audio. Any other four letters followed by a size beyond
    /// the end may be audio themselves.
    private static let known: Set<String> = [
        "data", "SSND", "LIST", "INFO", "id3 ", "ID3 ", "bext", "iXML", "axml", "_PMX", "cue ", "smpl", "inst", "fact",
        "PEAK", "JUNK",
        "junk", "PAD ", "FLLR", "DISP", "acid", "cart", "levl", "afsp", "NAME", "AUTH", "ANNO", "COMT", "MARK", "INST",
        "MIDI", "APPL",
        "AESD", "(c) ", "free", "info", "strg", "mark", "uuid", "umid", "ovvw", "peak", "midi", "pakt", "edct",
    ]

    /// Advances beyond a chunk, whose real size the caller may know. False if it ends beyond the end of the file.
    mutating func pass(_ chunk: Chunk, size: Int? = nil) -> Bool {
        let size = size ?? chunk.size
        guard size >= 0, size <= end - chunk.contents else {
            at = Self.known.contains(chunk.name) ? end : chunk.header
            return false
        }
        isPadded = sizeBytes == 4 && size % 2 == 1
        at = chunk.contents + size + (isPadded ? 1 : 0)
        return true
    }

    /// Whether only whole chunks follow up to the end, or nothing: then a size of 0 before them was intended.
    func isChunksToTheEnd(from start: Int) -> Bool {
        var walk = ChunkWalk(fields, from: start, end: end, sizeBytes: sizeBytes, little: little)
        while let chunk = walk.chunk() { guard walk.pass(chunk) else { return false } }
        return walk.at >= end || fields.isZero(walk.at..<end)
    }

    /// The bytes after the last chunk.
    var rest: Range<Int>? { at < end ? at..<end : nil }
}

/// The placeholder sizes that programs write when they do not know the length in advance, such as into a pipe.
enum UnwrittenSize {
    /// All ones, or close to the largest number of 31 or 32 bits, unless that many bytes are present.
    static func isPlaceholder(_ size: Int, available: Int) -> Bool {
        size > available && (size >= 0xFFFF_0000 && size <= 0xFFFF_FFFF || (0x7FFF_0000...0x8000_00FF).contains(size))
    }
}
