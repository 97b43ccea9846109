/// Which library decodes a file, from its first bytes.
enum AudioFormat {
    case mp3
    /// `start`: where the file begins behind ID3 tags, which some FLAC files carry.
    case sndfile(start: Int)

    static let sampleRates = 1000...768_000
    static let channelCounts = 1...64

    private static let sndfileMagic = ["RIFF", "RIFX", "RF64", "FORM", "fLaC", "OggS", ".snd", "caff"].map { Array($0.utf8) }

    static func detect(_ bytes: UnsafeRawBufferPointer) throws -> AudioFormat {
        let start = try MP3FrameScanner.skipTags(bytes)
        let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
        if sndfileMagic.contains(where: { rest.starts(with: $0) }) { return .sndfile(start: start) }
        if start > 0 { return .mp3 }
        if MP3FrameScanner.firstFrame(in: bytes, from: 0) != nil { return .mp3 }
        throw AudioError.notAudio(looksLikeText: looksLikeText(bytes))
    }

    private static func looksLikeText(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.prefix(512).allSatisfy { $0 == 9 || $0 == 10 || $0 == 13 || $0 >= 32 && $0 != 127 && $0 < 0xF5 }
    }
}
