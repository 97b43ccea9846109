import Foundation

/// Scans the frame headers of an MP3 file without decoding: how many frames there are, what lies between them, and
/// whether the last one is truncated. libmpg123 silently resynchronizes, and silently stops where the format changes;
/// only this scan can tell that audio is missing. Linear time.
struct MP3FrameScanner {
    private(set) var tracks: [MP3Track] = []
    /// Bytes between the leading tags and the first frame.
    private(set) var junkBefore = 0..<0
    /// Bytes after the last frame that are not a tag.
    private(set) var junkBehind = 0..<0

    private let bytes: UnsafeRawBufferPointer
    private let fields: ByteFields
    private let end: Int

    /// - Throws: `AudioError.id3TagBeyondEnd`.
    init(_ bytes: UnsafeRawBufferPointer) throws {
        self.bytes = bytes
        fields = ByteFields(bytes)
        let start = try ID3Tag.skip(bytes)
        end = TrailingTags.start(bytes, notBefore: start)
        guard let found = Self.firstFrame(in: bytes, from: start, to: end) else { return }
        junkBefore = start..<found
        walk(from: found)
    }

    private mutating func walk(from start: Int) {
        var at = start
        var track: MP3Track?
        var freeLength: Int?
        func length(_ header: MP3FrameHeader) -> Int? { header.length ?? freeLength.map { $0 + header.padding } }
        func close() { if let track { tracks.append(track) } }

        while at + 4 <= end {
            if let header = MP3FrameHeader(bytes, at: at), track.map({ header.continues($0.first) }) ?? true {
                if track == nil, header.length == nil { freeLength = Self.freeFormatLength(bytes, at: at, to: end) }
                if let length = length(header) {
                    guard length <= end - at else {
                        track?.cutOffFrame = at
                        break
                    }
                    let info = MP3InfoFrame(bytes, at: at, length: length, header)
                    if track == nil || info != nil {
                        close()
                        track = MP3Track(first: header, info: info)
                    }
                    track?.add(at..<(at + length))
                    if info == nil { track?.frames += 1 }
                    at += length
                    continue
                }
            }
            if let behind = behindTag(at) {
                at = behind
                continue
            }
            guard let current = track, let next = resynchronize(from: at, current.first, freeLength) else {
                junkBehind = at..<end
                break
            }
            if next.isSameFormat {
                if !fields.has("LYRICSBEGIN", at: at) {
                    track?.gaps.append(MP3Track.Gap(range: at..<next.offset, frames: current.frames))
                }
            } else {
                close()
                track = nil
                freeLength = nil
            }
            at = next.offset
        }
        close()
    }

    /// The offset after the tag at `at`, if a frame, another tag or the end of the file follows it. A wrong size must
    /// not hide audio.
    private func behindTag(_ at: Int) -> Int? {
        guard let length = TrailingTags.length(fields, at: at), length <= end - at else { return nil }
        let next = at + length
        let isPlausible =
            next == end || MP3FrameHeader(bytes, at: next) != nil || TrailingTags.length(fields, at: next) != nil
        return isPlausible ? next : nil
    }

    /// Where frames resume: one of the same format followed by another or by the end, or three of another format.
    private func resynchronize(from start: Int, _ format: MP3FrameHeader, _ freeLength: Int?) -> (
        offset: Int, isSameFormat: Bool
    )? {
        var at = start
        while let next = Self.nextMark(bytes, from: at, to: end) {
            at = next + 1
            guard let header = MP3FrameHeader(bytes, at: next) else { continue }
            if header.continues(format) {
                guard let length = header.length ?? freeLength.map({ $0 + header.padding }) else { continue }
                if Self.isFollowed(bytes, header, at: next, length: length, to: end) { return (next, true) }
            } else if let length = header.length, Self.isFollowed(bytes, header, at: next, length: length, to: end),
                let second = MP3FrameHeader(bytes, at: next + length), let length2 = second.length,
                Self.isFollowed(bytes, second, at: next + length, length: length2, to: end)
            {
                return (next, false)
            }
        }
        return nil
    }

    private static func nextMark(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int? {
        guard start < end, let base = bytes.baseAddress, let hit = memchr(base + start, 0xFF, end - start) else {
            return nil
        }
        return UnsafeRawPointer(hit) - base
    }

    private static func isFollowed(
        _ bytes: UnsafeRawBufferPointer, _ header: MP3FrameHeader, at: Int, length: Int, to end: Int
    ) -> Bool {
        let next = at + length
        if next == end || TrailingTags.length(ByteFields(bytes), at: next) != nil { return true }
        return MP3FrameHeader(bytes, at: next).map { $0.continues(header) } ?? false
    }

    /// The first header that is followed by a second matching one, by a tag, or by the end.
    static func firstFrame(in bytes: UnsafeRawBufferPointer, from offset: Int, to end: Int) -> Int? {
        var at = offset
        while at < offset + (1 << 16), let next = nextMark(bytes, from: at, to: end) {
            at = next + 1
            guard let header = MP3FrameHeader(bytes, at: next) else { continue }
            if let length = header.length {
                if isFollowed(bytes, header, at: next, length: length, to: end) { return next }
            } else if next == offset, freeFormatLength(bytes, at: next, to: end) != nil {
                // Accept free format only at the very start.
                return next
            }
        }
        return nil
    }

    /// The length of a free-format frame without padding: the distance to the next matching header, confirmed twice.
    private static func freeFormatLength(_ bytes: UnsafeRawBufferPointer, at start: Int, to end: Int) -> Int? {
        guard let first = MP3FrameHeader(bytes, at: start), first.length == nil else { return nil }
        var at = start + 24
        // libmpg123 accepts no longer frames.
        while at < start + 3456, let next = nextMark(bytes, from: at, to: end) {
            at = next + 1
            guard let header = MP3FrameHeader(bytes, at: next), header.length == nil, header.continues(first) else {
                continue
            }
            let length = next - start - first.padding
            if next + length + header.padding == end { return length }
            if let third = MP3FrameHeader(bytes, at: next + length + header.padding), third.length == nil,
                third.continues(first)
            {
                return length
            }
        }
        return nil
    }
}
