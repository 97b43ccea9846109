/// Walks the frame headers of an MP3 file without decoding: it knows how many frames there are, how many the
/// Xing/Info/VBRI header promises, and whether the last one is cut off. libmpg123 resynchronises silently, so this is
/// what tells a damaged copy from a whole one.
struct MP3FrameScanner {
    /// Frames of sound, without the Info frame; the cut-off last one is not counted.
    private(set) var frames = 0
    /// Frames the Xing, Info or VBRI header promises.
    private(set) var declaredFrames: Int?
    private(set) var lastFrameIsCutOff = false
    /// Free-format streams do not say where frames end, so they cannot be counted.
    private(set) var isCountable = true
    private(set) var first: MP3FrameHeader?
    /// Offset of the first frame.
    private(set) var start = 0

    init(_ bytes: UnsafeRawBufferPointer) throws {
        let at = try Self.skipTags(bytes)
        guard let found = Self.firstFrame(in: bytes, from: at), let header = MP3FrameHeader(bytes, at: found) else { return }
        first = header
        start = found
        guard header.length != nil else {
            isCountable = false
            return
        }
        declaredFrames = Self.declaredFrames(bytes, at: found, header)
        walk(bytes, from: found, header)
        if declaredFrames != nil { frames -= 1 }  // the Info frame itself holds no sound
    }

    private mutating func walk(_ bytes: UnsafeRawBufferPointer, from offset: Int, _ header: MP3FrameHeader) {
        var at = offset
        while at + 4 <= bytes.count {
            guard let next = MP3FrameHeader(bytes, at: at), next.continues(header), let length = next.length else {
                if Self.isTag(bytes, at: at) { return }
                at += 1
                continue
            }
            guard at + length <= bytes.count else {
                lastFrameIsCutOff = true
                return
            }
            frames += 1
            at += length
        }
    }

    /// The first header that is followed by a second fitting one (or by the end of the file, or is free format).
    static func firstFrame(in bytes: UnsafeRawBufferPointer, from offset: Int) -> Int? {
        let end = min(bytes.count - 3, offset + (1 << 16))
        var at = offset
        while at < end {
            if let header = MP3FrameHeader(bytes, at: at) {
                guard let length = header.length else {
                    // free format: believe it only at the very start
                    if at == offset { return at }
                    at += 1
                    continue
                }
                let next = at + length
                if next == bytes.count || isTag(bytes, at: next) { return at }
                if let second = MP3FrameHeader(bytes, at: next), second.continues(header) { return at }
            }
            at += 1
        }
        return nil
    }

    /// The offset behind all ID3v2 tags at the start.
    static func skipTags(_ bytes: UnsafeRawBufferPointer) throws -> Int {
        var at = 0
        while at + 10 <= bytes.count, bytes[at] == 0x49, bytes[at + 1] == 0x44, bytes[at + 2] == 0x33 {
            let sizes = bytes[(at + 6)..<(at + 10)]
            // Four bytes of 7 bits each. A set high bit is a broken writer's plain 32-bit size: read it as that.
            let bits = sizes.allSatisfy { $0 < 0x80 } ? 7 : 8
            var size = sizes.reduce(0) { $0 << bits | Int($1) }
            if bytes[at + 5] & 0x10 != 0 { size += 10 }
            guard size <= bytes.count - at - 10 else {
                throw AudioError.id3TagBeyondEnd(claimedBytes: size, availableBytes: bytes.count - at - 10, offset: at)
            }
            at += 10 + size
        }
        return at
    }

    private static func isTag(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        // T, A or L: asked of every byte of junk, so the quick question comes first
        guard offset < bytes.count, [0x54, 0x41, 0x4C].contains(bytes[offset]) else { return false }
        let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
        return ["TAG", "APETAGEX", "LYRICSBEGIN"].contains { rest.starts(with: $0.utf8) }
    }

    private static func declaredFrames(_ bytes: UnsafeRawBufferPointer, at frame: Int, _ header: MP3FrameHeader) -> Int? {
        guard header.layer == 3, let length = header.length, frame + length <= bytes.count else { return nil }
        func word(_ at: Int) -> Int? {
            at + 4 <= frame + length ? (0..<4).reduce(0) { $0 << 8 | Int(bytes[at + $1]) } : nil
        }
        let sideInfo = header.version == 0 ? (header.channels == 1 ? 17 : 32) : (header.channels == 1 ? 9 : 17)
        let xing = frame + 4 + sideInfo
        if let tag = word(xing), tag == 0x5869_6E67 || tag == 0x496E_666F {  // "Xing", "Info"
            guard let flags = word(xing + 4), flags & 1 != 0 else { return nil }
            return word(xing + 8)
        }
        if word(frame + 36) == 0x5642_5249 { return word(frame + 50) }  // "VBRI"
        return nil
    }
}
