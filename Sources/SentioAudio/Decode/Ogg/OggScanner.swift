/// Scans the pages of an Ogg file and separates its streams. libogg silently skips damaged and missing pages, and
/// libsndfile reads only the first link of a chain; only this scan can tell that audio is missing. Linear time, 64
/// bytes of memory per page.
struct OggScanner {
    /// The audio streams in order, one per link.
    private(set) var links: [OggStream] = []
    private(set) var warnings: [AudioWarning] = []

    private let fields: ByteFields
    /// The streams of the current link.
    private var streams: [OggStream] = []
    private var seconds = 0.0

    /// - Throws: `AudioError` for a damaged, missing or truncated page, parallel audio streams, or no audio stream.
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
                throw damaged("a second stream begins with the same serial number", page.offset)
            }
            streams.append(OggStream(codec: OggCodec(fields, at: page.body, bytes: length), first: page))
            return
        }
        guard let index = streams.firstIndex(where: { $0.serial == page.serial }) else {
            throw damaged("the page belongs to a stream without a beginning", page.offset)
        }
        let expected = streams[index].last.sequence &+ 1
        guard page.sequence == expected else {
            throw damaged(
                "page \(page.sequence) of the stream follows where page \(expected) was expected", page.offset)
        }
        streams[index].pages.append(page)
    }

    /// Completes a link from the streams so far.
    private mutating func closeLink() throws {
        guard !streams.isEmpty else { return }
        let sounds = streams.filter(\.codec.isSound)
        guard sounds.count < 2 else { throw AudioError.parallelStreams(count: sounds.count) }
        guard var sound = sounds.first else {
            let names = streams.map { if case .other(let name) = $0.codec { name } else { "" } }
            throw AudioError.unreadable(
                reason: "the Ogg file contains no Vorbis, Opus or FLAC, but \(names.joined(separator: " and "))")
        }
        sound.isInterleaved = streams.count > 1
        seconds += sound.seconds
        if !sound.last.isLast { warnings.append(.noEndMark(seconds: seconds)) }
        links.append(sound)
        streams = []
    }

    /// Handles bytes that are not a page: a truncated page, damage in the middle, or harmless bytes after the last
    /// page.
    private mutating func leave(_ at: Int, _ end: Int) throws {
        if fields.has("OggS", at: at), fields.byte(at + 4) ?? 0 == 0 {
            throw cut(at, bytes: max(28, end - at + 1), end)
        }
        let rest = at..<end
        if rest.count < 4 && fields.isZero(rest) || ID3Tag.length(fields, at: at) == rest.count { return }
        for next in rest where fields.bytes[next] == UInt8(ascii: "O") && OggPage(fields, at: next, end: end) != nil {
            throw damaged("\(next - at) bytes there do not belong to a page", at)
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
