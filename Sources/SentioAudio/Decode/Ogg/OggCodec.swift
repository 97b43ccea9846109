/// The codec of an Ogg stream, detected from its first packet.
enum OggCodec: Equatable {
    case vorbis(sampleRate: Int, shortBlock: Int, longBlock: Int)
    /// `preSkip`: samples at 48 kHz to drop at the start.
    case opus(preSkip: Int)
    case flac(sampleRate: Int)
    /// Video, subtitles, or audio that cannot be decoded.
    case other(String)

    init(_ fields: ByteFields, at: Int, bytes: Int) {
        if fields.has("\u{1}vorbis", at: at), bytes >= 30, let rate = fields.number(at + 12, 4, little: true),
            let sizes = fields.byte(at + 28)
        {
            self = .vorbis(sampleRate: rate, shortBlock: 1 << (sizes & 15), longBlock: 1 << (sizes >> 4))
        } else if fields.has("OpusHead", at: at), bytes >= 19, let skip = fields.number(at + 10, 2, little: true) {
            self = .opus(preSkip: skip)
        } else if fields.has("\u{7F}FLAC", at: at), bytes >= 51, let facts = fields.unsigned(at + 27, 8) {
            self = .flac(sampleRate: Int(facts >> 44))
        } else if fields.has("Speex   ", at: at) {
            self = .other("Speex")
        } else if fields.has("theora", at: at + 1) {
            self = .other("Theora video")
        } else {
            self = .other("an unknown codec")
        }
    }

    var isSound: Bool { if case .other = self { false } else { true } }

    /// The rate in which granule positions count, in Hz.
    var granuleRate: Int {
        switch self {
        case .vorbis(let rate, _, _): max(1, rate)
        case .opus: 48_000
        case .flac(let rate): max(1, rate)
        case .other: 48_000
        }
    }
}
