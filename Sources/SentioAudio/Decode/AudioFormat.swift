/// Which library decodes a file, from its first bytes.
enum AudioFormat {
    case mp3
    case sndfile

    static let sampleRates = 1000...768_000
    static let channelCounts = 1...64

    private static let sndfileMagic = ["RIFF", "RIFX", "RF64", "FORM", "fLaC", "OggS", ".snd", "caff"].map { Array($0.utf8) }

    static func detect(_ bytes: UnsafeRawBufferPointer) throws -> AudioFormat {
        if sndfileMagic.contains(where: { bytes.starts(with: $0) }) { return .sndfile }
        if bytes.starts(with: Array("ID3".utf8)) { return .mp3 }
        if MP3FrameScanner.firstFrame(in: bytes, from: 0) != nil { return .mp3 }
        throw AudioError.notAudio(looksLikeText: looksLikeText(bytes))
    }

    private static func looksLikeText(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.prefix(512).allSatisfy { $0 == 9 || $0 == 10 || $0 == 13 || $0 >= 32 && $0 != 127 && $0 < 0xF5 }
    }
}
