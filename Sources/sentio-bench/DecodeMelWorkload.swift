import SentioAudio

/// Decoding to 22,050 Hz mono and a log-mel spectrogram with 128 bands. The counterpart is librosa.load +
/// melspectrogram + power_to_db.
enum DecodeMelWorkload: Workload {
    static let name = "decode-mel"
    static let usage = "--audio DIR [--clips N] [--threads T] [--resampling soxr-hq|half-band]"

    static func run(_ options: Options) throws -> WorkloadResult {
        let decoder = AudioDecoder(.init(resampling: try options.choice("resampling", default: .soxrHQ)))
        let mel = try LogMelSpectrogram()
        return try AudioFolder(options).time(threads: AudioFolder.threads(options)) { bytes in
            _ = try mel.compute(decoder.decode(bytes).samples)
        }
    }
}
