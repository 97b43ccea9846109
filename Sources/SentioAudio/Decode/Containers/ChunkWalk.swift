/// Steps from chunk to chunk of a WAV, AIFF or CAF file: a name of four characters, a size, and so many bytes.
struct ChunkWalk {
    struct Chunk {
        let name: String
        let header: Int
        let contents: Int
        /// What the header claims; negative or beyond the end where nobody knew or the file was cut.
        let size: Int
    }

    let fields: ByteFields
    let end: Int
    /// 4 in WAV and AIFF, whose chunks begin at even offsets; 8 in CAF, whose chunks do not.
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

    /// The chunk here; nil where none can be. Its walk goes on behind it only after `pass`.
    mutating func chunk() -> Chunk? {
        // some writers forget the byte that makes a size even
        if isPadded, fields.name(at) == nil, at - 1 >= 0, fields.name(at - 1) != nil { at -= 1 }
        isPadded = false
        guard at <= end - 4 - sizeBytes, let name = fields.name(at),
            let size = fields.number(at + 4, sizeBytes, little: little)
        else { return nil }
        return Chunk(name: name, header: at, contents: at + 4 + sizeBytes, size: size)
    }

    /// Chunks that may be cut off at the end without a loss of sound. Any four letters with a size beyond the end can
    /// be sound.
    private static let known: Set<String> = [
        "data", "SSND", "LIST", "INFO", "id3 ", "ID3 ", "bext", "iXML", "axml", "_PMX", "cue ", "smpl", "inst", "fact",
        "PEAK", "JUNK",
        "junk", "PAD ", "FLLR", "DISP", "acid", "cart", "levl", "afsp", "NAME", "AUTH", "ANNO", "COMT", "MARK", "INST",
        "MIDI", "APPL",
        "AESD", "(c) ", "free", "info", "strg", "mark", "uuid", "umid", "ovvw", "peak", "midi", "pakt", "edct",
    ]

    /// Goes behind a chunk, whose size the caller may know better. False where it ends beyond the end.
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

    /// Where what follows is chunk after chunk to the end, or nothing: then a size of 0 before it was meant.
    func isChunksToTheEnd(from start: Int) -> Bool {
        var walk = ChunkWalk(fields, from: start, end: end, sizeBytes: sizeBytes, little: little)
        while let chunk = walk.chunk() { guard walk.pass(chunk) else { return false } }
        return walk.at >= end || fields.isZero(walk.at..<end)
    }

    /// What lies behind the last chunk.
    var rest: Range<Int>? { at < end ? at..<end : nil }
}

/// Sizes that programs write when they do not know how long the sound will be.
enum UnwrittenSize {
    /// All ones, or near the largest number of 31 or 32 bits; only where so many bytes are not there.
    static func isPlaceholder(_ size: Int, available: Int) -> Bool {
        size > available && (size >= 0xFFFF_0000 && size <= 0xFFFF_FFFF || (0x7FFF_0000...0x8000_00FF).contains(size))
    }
}
