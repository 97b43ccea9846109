import SentioAudio
import Testing

/// Tags behind the sound are no sound, whatever the format: the same samples, and not a word.
struct TrailingTagTests {
    private let asItIs = AudioDecoder(.init(sampleRate: nil))

    static let files = [
        "mp3", "bare", "wav", "rf64", "aiff", "caf", "au", "paged.flac", "paged.ogg", "paged.opus", "paged.oga",
        "stereo.mp3",
    ]

    private func bytes(_ name: String) throws -> [UInt8] {
        switch name {
        case "mp3": return try MP3Frames.encoded(count: 9000).bytes
        case "bare": return try MP3Frames.encoded(count: 9000).bare
        default:
            if let container = SoundFile.Container(rawValue: name) {
                return SoundFile(samples: TestSignal.sweep(count: 500)).bytes(container)
            }
            return try TestSignal.bytes(name)
        }
    }

    @Test(arguments: files) func theyChangeNothing(name: String) throws {
        let file = try bytes(name)
        let plain = try asItIs.decodeSound(file)
        #expect(plain.warnings.isEmpty)
        for (tag, tail) in FileTags.all { #expect(try asItIs.decodeSound(file + tail) == plain, "\(tag)") }
        #expect(try asItIs.decodeSound(FileTags.id3v2() + file + FileTags.id3v1()) == plain)
    }

    @Test func aFileOfTagsAloneIsASentence() {
        for (name, tag) in FileTags.all {
            #expect(throws: AudioError.self, "\(name)") { try asItIs.decode(tag) }
            #expect(throws: AudioError.self, "\(name)") { try asItIs.decode(FileTags.id3v2() + tag) }
        }
    }
}
