import SentioKit
import SentioAudio
import SentioNumerics

/// Mono samples to 164 features: 41 descriptors × {mean, standard deviation, minimum, maximum} over frames.
/// `.npy` float64 [164]; attribute `columns` names them. Descriptors are librosa's. Deterministic.
struct HandcraftedFeaturesStage: ItemwiseStage {
    static let kind = "handcrafted-features"
    static let version = 1
    static let summary = "164 song-level features: MFCC, spectral shape, contrast, loudness, rhythm and chroma."

    static let fftSize = Parameter(
        "n_fft", default: 2048, in: 256...65_536, "Window and transform length.", unit: "samples", source: "librosa")
    static let hopLength = Parameter(
        "hop_length", default: 512, in: 16...65_536, "Samples between frames.", unit: "samples", source: "librosa")

    static let parameters: [any ParameterDefinition] = [fftSize, hopLength]
    static let waveforms = InputPort("waveforms", .waveforms, "Mono samples at 16 kHz or more.")
    static let inputs = [waveforms]
    static let features = OutputPort("features", .features, "One vector of 164 numbers a song.")
    static let outputs = [features]

    private let configuration: Configuration

    init(_ configuration: Configuration) throws(ConfigurationErrors) {
        self.configuration = configuration
        let fftSize = configuration[Self.fftSize]
        guard configuration[Self.hopLength] <= fftSize else {
            throw ConfigurationErrors(
                "hop_length", "it must not exceed n_fft, \(fftSize); sound between windows would be lost.")
        }
    }

    func makeWorker(_ shared: SharedInputs) throws -> any ItemWorker {
        Worker(try features(shared.attributes))
    }

    private func features(_ inputs: PortMap<[String: Value]>) throws -> HandcraftedFeatures {
        try HandcraftedFeatures(
            HandcraftedFeatures.Settings(
                sampleRate: try Waveform.sampleRate(inputs[Self.waveforms]), fftSize: configuration[Self.fftSize],
                hopLength: configuration[Self.hopLength]))
    }

    /// Settings that cannot be used fail the stage itself, with their own sentence.
    func warnings(of inputs: PortMap<[String: Value]>) -> [String] {
        guard let features = try? features(inputs) else { return [] }
        return features.emptyMelBands.compactMap { family in
            MelBandWarning.sentence(
                "behind \(family.name) ", empty: family.empty, of: family.bands, fftSize: features.settings.fftSize,
                sampleRate: features.settings.sampleRate,
                cure: "Take a longer transform (n_fft) or a lower sample rate.")
        }
    }

    func attributes(of inputs: PortMap<[String: Value]>) throws -> [String: Value] {
        [
            "columns": .list(HandcraftedFeatures.names.map { .string($0) }),
            "sample_rate": .int(try Waveform.sampleRate(inputs[Self.waveforms])),
        ]
    }

    private final class Worker: ItemWorker {
        let features: HandcraftedFeatures
        init(_ features: HandcraftedFeatures) { self.features = features }

        func process(_ item: Item) throws -> [UInt8] {
            let values = try features.compute(try Waveform.samples(item.bytes(waveforms)))
            return NpyFile.write(NpyArray(values, shape: [values.count]))
        }
    }
}
