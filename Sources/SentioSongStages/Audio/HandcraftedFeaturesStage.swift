package import SentioKit
import SentioAudio
import SentioNumerics

/// Mono samples to 164 features: 41 descriptors × {mean, standard deviation, minimum, maximum} over frames.
/// `.npy` float64 [164]; attribute `columns` names them. Descriptors are librosa's. Deterministic.
package struct HandcraftedFeaturesStage: ItemwiseStage {
    package static let kind = "handcrafted-features"
    package static let version = 1
    package static let summary =
        "Computes 164 song-level features: MFCC, spectral shape, contrast, loudness, rhythm and chroma."

    static let fftSize = Parameter(
        "n_fft", default: 2048, in: 256...65_536, "Window and FFT length.", unit: "samples", source: "librosa")
    static let hopLength = Parameter(
        "hop_length", default: 512, in: 16...65_536, "Hop between frames.", unit: "samples", source: "librosa")

    package static let parameters: [any ParameterDefinition] = [fftSize, hopLength]
    static let waveforms = InputPort("waveforms", .waveforms, "Mono samples at 16 kHz or more.")
    package static let inputs = [waveforms]
    static let features = OutputPort("features", .features, "One vector of 164 features per song.")
    package static let outputs = [features]

    private let configuration: Configuration

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        self.configuration = configuration
        let fftSize = configuration[Self.fftSize]
        guard configuration[Self.hopLength] <= fftSize else {
            throw ConfigurationErrors(
                "hop_length", "it must not exceed n_fft, \(fftSize); audio between windows would be skipped.")
        }
    }

    package func makeWorker(_ shared: SharedInputs) throws -> any ItemWorker {
        Worker(try features(shared.attributes))
    }

    private func features(_ inputs: PortMap<[String: Value]>) throws -> HandcraftedFeatures {
        try HandcraftedFeatures(
            HandcraftedFeatures.Settings(
                sampleRate: try Waveform.sampleRate(inputs[Self.waveforms]), fftSize: configuration[Self.fftSize],
                hopLength: configuration[Self.hopLength]))
    }

    /// Invalid settings fail the stage itself, with their own message.
    package func warnings(of inputs: PortMap<[String: Value]>) -> [String] {
        guard let features = try? features(inputs) else { return [] }
        return features.emptyMelBands.compactMap { family in
            MelBandWarning.sentence(
                "of \(family.name) ", empty: family.empty, of: family.bands, fftSize: features.settings.fftSize,
                sampleRate: features.settings.sampleRate,
                cure: "Use a longer FFT (n_fft) or a lower sample rate.")
        }
    }

    package func attributes(of inputs: PortMap<[String: Value]>) throws -> [String: Value] {
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
