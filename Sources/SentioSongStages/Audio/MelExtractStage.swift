import SentioBase
package import SentioKit
import SentioAudio
import SentioNumerics

/// Mono samples to log-mel spectrograms: `.npy` float32 [mels, frames] in dB, frames = 1 + samples / hop_length.
///
/// librosa's `power_to_db(melspectrogram(…))`. Defaults are the Sentio study's bands (20–8000 Hz) and otherwise
/// librosa's. With `frames`, longer songs are cropped before they are normalized and shorter ones padded afterwards
/// with their own smallest value. Deterministic.
package struct MelExtractStage: ItemwiseStage {
    package static let kind = "mel-extract"
    package static let version = 1
    package static let summary = "Computes log-mel spectrograms in dB, as librosa does."

    /// How the dB values of each song are normalized.
    enum Normalisation: String, ParameterChoice { case none, zscore, unit }

    static let mels = Parameter("n_mels", default: 128, in: 1...1024, "Number of mel bands.", source: "librosa")
    static let fftSize = Parameter(
        "n_fft", default: 2048, in: 16...65_536, "Window and FFT length.", unit: "samples", source: "librosa")
    static let hopLength = Parameter(
        "hop_length", default: 512, in: 1...65_536, "Hop between frames.", unit: "samples", source: "librosa")
    static let fmin = Parameter(
        "fmin", default: 20.0, in: 0...96_000, "Lower edge of the lowest band.", unit: "Hz",
        source: "Sentio study; librosa: 0")
    static let fmax = Parameter(
        "fmax", default: 8000.0, in: 1...96_000, "Upper edge of the highest band.", unit: "Hz",
        source: "Sentio study; librosa: half the sample rate")
    static let frames = Parameter(
        "frames", default: 0, in: 0...1_000_000,
        "Number of frames that every song is cropped or padded to; 0: the song's own length.", unit: "frames")
    static let reference = Parameter(
        "reference", default: MelReference.maximum,
        "Power at 0 dB: `max`, each song's maximum; or a number (librosa's default is 1), which preserves the "
            + "loudness differences between songs.",
        source: "Sentio study")
    static let topDecibels = Parameter<Double?>(
        "top_db", default: .some(80), in: 0...1000,
        "Dynamic range: values further below the song's maximum are raised to this limit; null: no limit.", unit: "dB",
        source: "librosa")
    static let normalisation = Parameter(
        "normalisation", default: Normalisation.none,
        "Normalization of each song: none; zscore, to mean 0 and standard deviation 1; unit, to the range 0 to 1.")

    package static let parameters: [any ParameterDefinition] = [
        mels, fftSize, hopLength, fmin, fmax, frames, reference, topDecibels, normalisation,
    ]
    static let waveforms = InputPort("waveforms", .waveforms, "Mono samples.")
    package static let inputs = [waveforms]
    static let spectrograms = OutputPort("spectrograms", .spectrograms, "Log-mel values, [mels, frames].")
    package static let outputs = [spectrograms]

    private let configuration: Configuration

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        guard configuration[Self.fmin] < configuration[Self.fmax] else {
            throw ConfigurationErrors(
                "fmin", "it must be below fmax, \(NumberText.short(configuration[Self.fmax])) Hz.")
        }
        guard configuration[Self.hopLength] <= configuration[Self.fftSize] else {
            throw ConfigurationErrors(
                "hop_length",
                "it must not exceed n_fft, \(configuration[Self.fftSize]); audio between windows would be skipped.")
        }
        self.configuration = configuration
    }

    package func makeWorker(_ shared: SharedInputs) throws -> any ItemWorker {
        Worker(
            extractor: try extractor(shared.attributes), frames: configuration[Self.frames],
            normalisation: configuration[Self.normalisation])
    }

    private func extractor(_ inputs: PortMap<[String: Value]>) throws -> LogMelSpectrogram {
        try LogMelSpectrogram(
            LogMelSpectrogram.Settings(
                sampleRate: try Waveform.sampleRate(inputs[Self.waveforms]), fftSize: configuration[Self.fftSize],
                hopLength: configuration[Self.hopLength], mels: configuration[Self.mels],
                minHz: configuration[Self.fmin],
                maxHz: configuration[Self.fmax], reference: configuration[Self.reference].setting,
                topDecibels: configuration[Self.topDecibels]))
    }

    /// Invalid settings fail the stage itself, with their own message.
    package func warnings(of inputs: PortMap<[String: Value]>) -> [String] {
        guard let extractor = try? extractor(inputs) else { return [] }
        let sentence = MelBandWarning.sentence(
            "", empty: extractor.filters.emptyBands, of: extractor.settings.mels, fftSize: extractor.settings.fftSize,
            sampleRate: extractor.settings.sampleRate,
            cure: "Use fewer bands (n_mels) or a longer FFT (n_fft).")
        return sentence.map { [$0] } ?? []
    }

    package func attributes(of inputs: PortMap<[String: Value]>) throws -> [String: Value] {
        var attributes = configuration.values
        attributes["sample_rate"] = .int(try Waveform.sampleRate(inputs[Self.waveforms]))
        return attributes
    }

    package func workload(of inputs: PortMap<Amount>) -> Workload? {
        guard let waves = inputs[Self.waveforms] else { return nil }
        var amounts = ["songs": waves.items]
        if let bytes = waves.bytes, bytes > 0 { amounts["bytes"] = bytes }
        // The FFTs dominate the time; bands, range and reference hardly matter.
        return Workload(amounts, pace: "\(configuration[Self.fftSize]) \(configuration[Self.hopLength])")
    }

    package func amounts(from inputs: PortMap<Amount>) -> [OutputPort: Amount] {
        guard let waves = inputs[Self.waveforms] else { return [:] }
        let mels = Double(configuration[Self.mels]), hop = Double(configuration[Self.hopLength])
        let frames = configuration[Self.frames]
        let length = frames > 0 ? Double(frames) : waves.bytesPerItem.map { $0 / 4 / hop + 1 }
        return [Self.spectrograms: Amount(items: waves.items, bytes: length.map { 4 * mels * $0 * waves.items })]
    }

    private final class Worker: ItemWorker {
        let extractor: LogMelSpectrogram
        let frames: Int
        let normalisation: Normalisation

        init(extractor: LogMelSpectrogram, frames: Int, normalisation: Normalisation) {
            self.extractor = extractor
            self.frames = frames
            self.normalisation = normalisation
        }

        func process(_ item: Item) throws -> [UInt8] {
            var mel = try extractor.compute(try Waveform.samples(item.bytes(waveforms)))
            if frames > 0, frames < mel.frames { mel = mel.fitted(frames: frames) }
            switch normalisation {
            case .none: break
            case .zscore: mel = mel.normalized(.zScore)
            case .unit: mel = mel.normalized(.unit)
            }
            if frames > 0 { mel = mel.fitted(frames: frames) }
            return NpyFile.write(NpyArray(mel.values, shape: [mel.bands, mel.frames]))
        }
    }
}
