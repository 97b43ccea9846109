/// Walks the pages of an Ogg file and takes its streams apart. libogg skips damaged and missing pages silently, and
/// libsndfile reads the first link of a chain only, so this is what tells a whole sound from a part of one.
/// Complexity: linear. Memory: 64 bytes a page.
struct OggScanner {
    /// The songs' streams, one a link, in order.
    private(set) var links: [OggStream] = []
    private(set) var warnings: [AudioWarning] = []

    private let fields: ByteFields
    /// The streams of the link that is being read.
    private var streams: [OggStream] = []
    private var seconds = 0.0

    /// Throws `AudioError`: a damaged, missing or cut page; streams side by side; no stream of sound.
    init(_ bytes: UnsafeRawBufferPointer) throws {
        fields = ByteFields(bytes)
        let end = TrailingTags.start(bytes)
        var at = 0
        while at < end {
            guard let page = OggPage(fields, at: at, end: end) else {
                try leave(at, end)
                break
            }
            guard page.end <= end else { throw cut(at, bytes: page.end - at, end) }
            guard page.hasRightChecksum(fields) else { throw damaged("the checksum of the page is wrong", at) }
            try add(page)
            at = page.end
        }
        try closeLink()
    }

    private mutating func add(_ page: OggPage) throws {
        if page.isFirst {
            if streams.contains(where: { $0.pages.count > 1 }) { try closeLink() }
            let first = (0..<page.segments).first { fields.bytes[page.offset + 27 + $0] < 255 } ?? page.segments
            let length = fields.bytes[(page.offset + 27)..<min(page.body, page.offset + 28 + first)].reduce(0) {
                $0 + Int($1)
            }
            guard !streams.contains(where: { $0.serial == page.serial }) else {
                throw damaged("a stream begins twice", page.offset)
            }
            streams.append(OggStream(codec: OggCodec(fields, at: page.body, bytes: length), first: page))
            return
        }
        guard let index = streams.firstIndex(where: { $0.serial == page.serial }) else {
            throw damaged("the page belongs to a stream whose beginning is missing", page.offset)
        }
        let expected = streams[index].last.sequence &+ 1
        guard page.sequence == expected else {
            throw damaged("page \(page.sequence) of the stream follows where page \(expected) should be", page.offset)
        }
        streams[index].pages.append(page)
    }

    /// The streams so far make a link.
    private mutating func closeLink() throws {
        guard !streams.isEmpty else { return }
        let sounds = streams.filter(\.codec.isSound)
        guard sounds.count < 2 else { throw AudioError.severalSounds(count: sounds.count) }
        guard var sound = sounds.first else {
            let names = streams.map { if case .other(let name) = $0.codec { name } else { "" } }
            throw AudioError.unreadable(
                reason: "the Ogg file holds no Vorbis, Opus or FLAC but \(names.joined(separator: " and "))")
        }
        sound.isInterleaved = streams.count > 1
        seconds += sound.seconds
        if !sound.last.isLast { warnings.append(.noEndMark(seconds: seconds)) }
        links.append(sound)
        streams = []
    }

    /// Something that is no page: a page that was cut off, damage in the middle, or harmless bytes behind the last
    /// page.
    private mutating func leave(_ at: Int, _ end: Int) throws {
        if fields.has("OggS", at: at), fields.byte(at + 4) ?? 0 == 0 {
            throw cut(at, bytes: max(28, end - at + 1), end)
        }
        let rest = at..<end
        if rest.count < 4 && fields.isZero(rest) || ID3Tag.length(fields, at: at) == rest.count { return }
        for next in rest where fields.bytes[next] == UInt8(ascii: "O") && OggPage(fields, at: next, end: end) != nil {
            throw damaged("\(next - at) bytes there belong to no page", at)
        }
        if !fields.isZero(rest) { warnings.append(.skippedBytes(count: rest.count, offset: at, seconds: secondsSoFar)) }
    }

    private var secondsSoFar: Double { seconds + (streams.first(where: \.codec.isSound)?.seconds ?? 0) }

    private func damaged(_ reason: String, _ offset: Int) -> AudioError {
        .damaged(reason: reason, offset: offset, seconds: secondsSoFar)
    }

    private func cut(_ at: Int, bytes: Int, _ end: Int) -> AudioError {
        .truncatedData(foundBytes: end - at, declaredBytes: bytes, offset: at, seconds: secondsSoFar)
    }
}
