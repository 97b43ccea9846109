/// The pages of one logical stream. A chained file consists of several such streams, its links.
struct OggStream {
    let codec: OggCodec
    let serial: UInt32
    var pages: [OggPage]
    /// Whether pages of other streams lie between its pages.
    var isInterleaved = false

    var last: OggPage { pages[pages.count - 1] }

    /// Seconds from the first sample of the stream to a granule position.
    func seconds(_ granule: Int) -> Double { max(0, Double(granule - startGranule) / Double(codec.granuleRate)) }
    /// Seconds up to the last position that a page gives.
    var seconds: Double { pages.last { $0.granule != nil }?.granule.map(seconds) ?? 0 }
    private var startGranule: Int { if case .opus(let skip) = codec { skip } else { 0 } }

    init(codec: OggCodec, first: OggPage) {
        self.codec = codec
        serial = first.serial
        pages = [first]
    }

    /// The pages of the stream without gaps; a slice of the file if no other stream lies between them. A missing
    /// end-of-stream mark is set, because without it libsndfile refuses an Opus stream whose last packet is trimmed,
    /// and does not trim Vorbis.
    func withBytes<Result>(_ file: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows
        -> Result
    {
        if !isInterleaved, last.isLast {
            return try body(UnsafeRawBufferPointer(rebasing: file[pages[0].offset..<last.end]))
        }
        var copy: [UInt8] = []
        copy.reserveCapacity(pages.reduce(0) { $0 + $1.end - $1.offset })
        for page in pages.dropLast() { copy.append(contentsOf: file[page.offset..<page.end]) }
        copy += last.marked(ByteFields(file))
        return try copy.withUnsafeBytes(body)
    }

    /// A packet: the offset of its first byte, its length, and the index of the page on which it ends.
    struct Packet {
        let start: Int
        let length: Int
        let page: Int
        /// Its bytes, one range per page.
        let ranges: [Range<Int>]
    }

    /// Visits every complete packet until `body` returns false.
    func forEachPacket(_ file: UnsafeRawBufferPointer, _ body: (Packet) throws -> Bool) rethrows {
        var ranges: [Range<Int>] = []
        for (index, page) in pages.enumerated() {
            if !page.isContinued { ranges = [] }
            var at = page.body
            var start = at
            for segment in 0..<page.segments {
                let length = Int(file[page.offset + 27 + segment])
                at += length
                guard length < 255 else { continue }
                ranges.append(start..<at)
                let packet = Packet(
                    start: ranges[0].lowerBound, length: ranges.reduce(0) { $0 + $1.count }, page: index, ranges: ranges
                )
                guard try body(packet) else { return }
                ranges = []
                start = at
            }
            if start < at { ranges.append(start..<at) }
        }
    }
}
