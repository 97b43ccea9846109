/// Decodes a sound file that lies in memory.
///
/// MP3 goes through libmpg123 (float output, gapless: encoder delay and padding named in a LAME tag are cut, as
/// libsndfile and so librosa do); WAV, AIFF, FLAC, Ogg (Vorbis, Opus, FLAC), AU and CAF through libsndfile. The content
/// decides, not a name. Replay gain is not applied.
/// What the libraries would pass over in silence is found before: the result is the whole sound that the file holds, or
/// an error that names the second where it breaks, or the sound and a warning. With the default options the result
/// equals `librosa.load(path)` of librosa 0.11 (same count, samples to about 1e-6): mean of the channels, then libsoxr
/// "HQ" to 22 050 Hz. Damage that shows without decoding refuses a file even where the part asked for lies before it.
/// Throws `AudioError`. Deterministic; thread-safe; memory is bounded by the sound that is there, not by header claims.
public struct AudioDecoder: Sendable {
    /// How another sample rate is reached.
    public enum Resampling: String, Sendable, Hashable, CaseIterable {
        /// libsoxr's HQ recipe at every ratio, as librosa.load does.
        case soxrHQ = "soxr-hq"
        /// A file of exactly twice the rate goes through a half-band filter of 63 taps: flat to 0.0005 dB and free of
        /// aliasing (100 dB) up to 0.39 of the new rate, which is 8.6 kHz of 22 050 Hz; above that it is not what
        /// librosa gives. Decode and mel together take a sixth less time. Other ratios are as with `soxrHQ`.
        case halfBand = "half-band"
    }

    public struct Options: Sendable, Hashable {
        /// Hz; nil keeps the file's own rate. Default 22 050 (librosa.load).
        public var sampleRate: Int?
        /// Mean of all channels (librosa.to_mono). Default true.
        public var mono: Bool
        /// Seconds to leave out at the start. Default 0.
        public var offset: Double
        /// Seconds to keep; decoding stops there. Default nil: to the end.
        public var duration: Double?
        /// A longer sound is refused unless `duration` keeps it under this. Default 3600 s.
        public var maximumSeconds: Double
        /// Default `soxrHQ` (librosa.load).
        public var resampling: Resampling

        public init(
            sampleRate: Int? = 22_050, mono: Bool = true, offset: Double = 0, duration: Double? = nil,
            maximumSeconds: Double = 3600, resampling: Resampling = .soxrHQ
        ) {
            self.sampleRate = sampleRate
            self.mono = mono
            self.offset = offset
            self.duration = duration
            self.maximumSeconds = maximumSeconds
            self.resampling = resampling
        }
    }

    public let options: Options

    public init(_ options: Options = Options()) { self.options = options }

    /// The clip alone: what is odd about the file is not said.
    public func decode(_ bytes: [UInt8]) throws -> AudioClip { try decodeSound(bytes).clip }

    public func decode(_ bytes: UnsafeRawBufferPointer) throws -> AudioClip { try decodeSound(bytes).clip }

    public func decodeSound(_ bytes: [UInt8]) throws -> DecodedSound {
        try bytes.withUnsafeBytes { try decodeSound($0) }
    }

    public func decodeSound(_ bytes: UnsafeRawBufferPointer) throws -> DecodedSound {
        try checkOptions()
        guard !bytes.isEmpty else { throw AudioError.empty }
        var join = SoundJoin(options)
        func rest(_ start: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[start...]) }
        switch try AudioFormat.detect(bytes) {
        case .mp3: try MP3Decoder.decode(bytes, into: &join)
        case .flac(let start): try FLACDecoder.decode(rest(start), into: &join)
        case .ogg(let start): try OggDecoder.decode(rest(start), into: &join)
        case .samples(let start): try SampleContainerDecoder.decode(rest(start), into: &join)
        }
        return try join.sound()
    }

    private func checkOptions() throws {
        if let rate = options.sampleRate, !AudioFormat.sampleRates.contains(rate) {
            throw AudioError.setting(name: "sample_rate", reason: "\(rate) Hz is not between 1000 and 768000 Hz")
        }
        guard options.offset >= 0, options.offset < 1e9 else {
            throw AudioError.setting(name: "offset", reason: "\(options.offset) is not a number of seconds from 0 up")
        }
        if let duration = options.duration, !(duration > 0 && duration < 1e9) {
            throw AudioError.setting(name: "duration", reason: "\(duration) is not a positive number of seconds")
        }
        guard options.maximumSeconds > 0, options.maximumSeconds <= 86_400 else {
            throw AudioError.setting(name: "maximum_seconds", reason: "it must be above 0 and at most 86400 (a day)")
        }
    }
}

/// A clip, and what is odd about the file that it comes from.
public struct DecodedSound: Equatable, Sendable {
    public let clip: AudioClip
    public let warnings: [AudioWarning]
}
