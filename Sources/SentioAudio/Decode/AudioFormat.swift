/// The format of a file, detected from its first bytes. `start` is the offset after ID3 tags, which some FLAC files
/// have.
enum AudioFormat {
    case mp3
    case flac(start: Int)
    case ogg(start: Int)
    /// A container of plain samples: WAV, AIFF, CAF or AU.
    case samples(start: Int)

    static let sampleRates = 1000...768_000
    static let channelCounts = 1...64

    private static let sampleMagic = ["RIFF", "RIFX", "RF64", "BW64", "FORM", ".snd", "caff"].map { Array($0.utf8) }

    static func detect(_ bytes: UnsafeRawBufferPointer) throws -> AudioFormat {
        let start = try ID3Tag.skip(bytes)
        let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
        if sampleMagic.contains(where: { rest.starts(with: $0) }) { return .samples(start: start) }
        if rest.starts(with: "fLaC".utf8) { return .flac(start: start) }
        if rest.starts(with: "OggS".utf8) { return .ogg(start: start) }
        if start > 0 { return .mp3 }
        if MP3FrameScanner.firstFrame(in: bytes, from: 0, to: TrailingTags.start(bytes)) != nil { return .mp3 }
        throw AudioError.notAudio(looksLikeText: looksLikeText(bytes))
    }

    private static func looksLikeText(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.prefix(512).allSatisfy { $0 == 9 || $0 == 10 || $0 == 13 || $0 >= 32 && $0 != 127 && $0 < 0xF5 }
    }
}
