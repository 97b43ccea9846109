package import SentioKit
import SentioAudio
import SentioNumerics
import SentioSongStages

/// Mono samples at 16 kHz to what a pretrained network says of them: `.npy` float32 [patches, values], a row for each 3
/// s.
///
/// Attributes: `parts` (name and size of each group of values, in order), `tags` (what the last part means),
/// `architecture` and `patch_seconds`. What is left at a song's end, less than a patch, is not heard; a shorter song is
/// repeated until it fills one, with a warning. Deterministic on one kind of processor.
package struct EmbedStage: ItemwiseStage {
    package static let kind = "embed"
    package static let version = 2
    package static let summary = "What a pretrained network hears in each song, patch by patch."

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
                item.warn("shorter than the 3 s that the network hears at once, and repeated to fill them")
            }
            let values = runner.run(patches, count: count)
            return NpyFile.write(NpyArray(values, shape: [count, values.count / count]))
        }
    }
}
