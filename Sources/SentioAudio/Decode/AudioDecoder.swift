/// Decodes an audio file in memory.
///
/// MP3 is decoded by libmpg123 (float output, gapless: encoder delay and padding given in a LAME tag are removed, as
/// libsndfile and therefore librosa do); WAV, AIFF, FLAC, Ogg (Vorbis, Opus, FLAC), AU and CAF by libsndfile. The
/// content determines the format, not the file name. ReplayGain is not applied.
///
/// Files are checked for damage that these libraries ignore. The result is all the audio in the file, possibly with
/// warnings; otherwise an error names the second at which the file breaks. Damage that shows without decoding is an
/// error even if it lies beyond the requested part.
///
/// With the default options the result equals `librosa.load(path)` of librosa 0.11 (same length, samples to about
/// 1e-6): mean of the channels, then libsoxr "HQ" to 22,050 Hz.
///
/// Deterministic and thread-safe. Memory is bounded by the audio present, not by header claims.
public struct AudioDecoder: Sendable {
    /// How audio is resampled.
    public enum Resampling: String, Sendable, Hashable, CaseIterable {
        /// libsoxr's HQ recipe at every ratio, as in librosa.load.
        case soxrHQ = "soxr-hq"
        /// A half-band filter of 63 taps for files at exactly twice the target rate; `soxrHQ` for all other ratios.
        /// Up to 0.39 of the target rate (8.6 kHz at 22,050 Hz) the response is flat to 0.0005 dB and aliasing is
        /// 100 dB down; above that the result differs from librosa's. Decoding and the mel spectrogram together take a
        /// sixth less time.
        case halfBand = "half-band"
    }

    /// What to decode, and to which format.
    public struct Options: Sendable, Hashable {
        /// Target rate in Hz; nil keeps the file's own. Default 22,050 (librosa.load).
        public var sampleRate: Int?
        /// Whether to average all channels (librosa.to_mono). Default true.
        public var mono: Bool
        /// Seconds to skip at the start. Default 0.
        public var offset: Double
        /// Seconds to decode. Default nil: to the end.
        public var duration: Double?
        /// Longer audio is an error unless `duration` limits it. Default 3600 s.
        public var maximumSeconds: Double
        /// Default `soxrHQ` (librosa.load).
        public var resampling: Resampling

        /// Options with the defaults of librosa.load. They are checked when a file is decoded.
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

    let options: Options

    /// A decoder with these options.
    public init(_ options: Options = Options()) { self.options = options }

    /// Decodes a whole file and drops its warnings.
    /// - Throws: `AudioError`.
    public func decode(_ bytes: [UInt8]) throws -> AudioClip { try decodeSound(bytes).clip }

    /// Decodes a whole file and keeps its warnings.
    /// - Throws: `AudioError`.
    public func decodeSound(_ bytes: [UInt8]) throws -> DecodedSound {
        try bytes.withUnsafeBytes { try decodeSound($0) }
    }

    /// Decodes a whole file, such as a mapped one, and keeps its warnings.
    /// - Throws: `AudioError`.
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
            throw AudioError.setting(name: "offset", reason: "\(options.offset) is negative or not a number of seconds")
        }
        if let duration = options.duration, !(duration > 0 && duration < 1e9) {
            throw AudioError.setting(name: "duration", reason: "\(duration) is not a positive number of seconds")
        }
        guard options.maximumSeconds > 0, options.maximumSeconds <= 86_400 else {
            throw AudioError.setting(name: "maximum_seconds", reason: "it must be above 0 and at most 86400 (a day)")
        }
    }
}

/// Decoded audio with the warnings about its file.
public struct DecodedSound: Equatable, Sendable {
    /// All the audio that the options ask for.
    public let clip: AudioClip
    /// Irregularities that did not prevent decoding.
    public let warnings: [AudioWarning]
}
