package import SentioKit
import SentioAudio
import SentioNumerics
import SentioSongStages

/// Computes a pretrained network's activations from mono samples at 16 kHz: `.npy` float32 [patches, values], a row for
/// each 3 s.
///
/// Attributes: `parts` (name and size of each group of values, in order), `tags` (the meaning of the last part),
/// `architecture` and `patch_seconds`. The rest at a song's end that does not fill a patch is dropped; a song shorter
/// than a patch is repeated to fill one, with a warning. Deterministic on one kind of processor.
package struct EmbedStage: ItemwiseStage {
    package static let kind = "embed"
    package static let version = 2
    package static let summary = "Computes a pretrained network's activations for every patch of each song."

    package static let parameters: [any ParameterDefinition] = []
    static let waveforms = InputPort("waveforms", .waveforms, "Mono samples at 16000 Hz.")
    static let weights = InputPort("weights", .weights, "The network, from `pretrained`.")
    package static let inputs = [waveforms, weights]
    static let embeddings = OutputPort("embeddings", .embeddings, "Activations of each patch, [patches, values].")
    package static let outputs = [embeddings]

    package init(_ configuration: Configuration) {}

    package func makeWorker(_ shared: SharedInputs) throws -> any ItemWorker {
        try Encoder.requireRate(shared.attributes[Self.waveforms])
        return Worker(try EncoderSpectrogram(), Encoder.Runner(try Encoder(weights: shared.files[Self.weights] ?? [])))
    }

    package func attributes(of inputs: PortMap<[String: Value]>) throws -> [String: Value] {
        var attributes = inputs[Self.weights] ?? [:]
        attributes["patch_seconds"] = .double(EncoderSpectrogram.patchSeconds)
        return attributes
    }

    private final class Worker: ItemWorker {
        let spectrogram: EncoderSpectrogram
        let runner: Encoder.Runner

        init(_ spectrogram: EncoderSpectrogram, _ runner: Encoder.Runner) {
            (self.spectrogram, self.runner) = (spectrogram, runner)
        }

        func process(_ item: Item) throws -> [UInt8] {
            let (patches, count, isRepeated) = try spectrogram.patches(try Waveform.samples(item.bytes(waveforms)))
            if isRepeated {
                item.warn("shorter than the network's 3 s patch; repeated to fill it")
            }
            let values = runner.run(patches, count: count)
            return NpyFile.write(NpyArray(values, shape: [count, values.count / count]))
        }
    }
}
