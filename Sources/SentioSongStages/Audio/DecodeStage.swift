package import SentioKit
import SentioAudio
import SentioNumerics

/// Audio files to mono samples: `.npy` float32 [samples], full scale ±1; attribute `sample_rate` (Hz).
///
/// MP3 through libmpg123, everything else through libsndfile, resampled by libsoxr at the quality librosa uses; the
/// default equals `librosa.load`. A file is either decoded completely or fails its item with an error message;
/// harmless oddities cause warnings. Deterministic.
package struct DecodeStage: ItemwiseStage {
    package static let kind = "decode"
    package static let version = 2
    package static let summary = "Decodes audio files to mono samples at one sample rate, as librosa.load does."

    /// How audio is resampled to another rate.
    enum Resampling: String, ParameterChoice {
        case soxrHQ = "soxr-hq"
        case halfBand = "half-band"

        var setting: AudioDecoder.Resampling { self == .soxrHQ ? .soxrHQ : .halfBand }
    }

    static let sampleRate = Parameter(
        "sample_rate", default: 22_050, in: 1000...192_000, "Sample rate of the output.", unit: "Hz",
        source: "librosa.load")
    static let offset = Parameter(
        "offset", default: 0.0, in: 0...86_400, "Time to skip at the start.", unit: "s", source: "librosa.load")
    static let duration = Parameter<Double?>(
        "duration", default: .some(nil), in: 0.001...86_400, "Time to keep after the offset; null: to the end.",
        unit: "s", source: "librosa.load")
    static let longest = Parameter(
        "longest", default: 3600.0, in: 1...86_400,
        "Longest audio accepted; a longer file fails, so that one wrong file cannot exhaust memory.", unit: "s")

    static let resampling = Parameter(
        "resampling", default: Resampling.soxrHQ,
        "Resampling method. soxr-hq: as librosa. half-band: a short filter for files with twice the rate, accurate "
            + "only up to 0.39 of the rate (8600 Hz of 22050): slightly faster, suitable for mel bands below that, not "
            + "for handcrafted-features.",
        source: "librosa.load")

    package static let parameters: [any ParameterDefinition] = [sampleRate, offset, duration, longest, resampling]
    static let audio = InputPort(
        "audio", .audioFiles,
        "MP3, WAV, FLAC, Ogg, Opus, AIFF, CAF or AU files; the format is detected by content, not by name.")
    package static let inputs = [audio]
    static let waveforms = OutputPort("waveforms", .waveforms, "Mono samples.")
    package static let outputs = [waveforms]

    private let options: AudioDecoder.Options

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        options = AudioDecoder.Options(
            sampleRate: configuration[Self.sampleRate], mono: true, offset: configuration[Self.offset],
            duration: configuration[Self.duration], maximumSeconds: configuration[Self.longest],
            resampling: configuration[Self.resampling].setting)
    }

    package func makeWorker(_ shared: SharedInputs) throws -> any ItemWorker { Worker(decoder: AudioDecoder(options)) }

    package func attributes(of inputs: PortMap<[String: Value]>) throws -> [String: Value] {
        ["sample_rate": .int(options.sampleRate ?? 0)]
    }

    private final class Worker: ItemWorker {
        let decoder: AudioDecoder
        init(decoder: AudioDecoder) { self.decoder = decoder }

        func process(_ item: Item) throws -> [UInt8] {
            let bytes = item.bytes(audio), sound: DecodedSound
            do { sound = try decoder.decodeSound(bytes) } catch let error as AudioError {
                guard let sentence = ForeignSound.sentence(bytes, file: item.file(audio)) else { throw error }
                throw StageFailure(sentence)
            }
            for warning in sound.warnings { item.warn("\(warning)") }
            return NpyFile.write(NpyArray(sound.clip.samples, shape: [sound.clip.samples.count]))
        }
    }
}
