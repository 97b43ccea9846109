import SentioAudio
import SentioKit
import SentioNN
import SentioNumerics
import SentioPretrained
import SentioSongStages

/// A pretrained network prepared for inference: its weights and its outputs for each patch.
struct Encoder {
    enum Architecture: String, CaseIterable {
        case musicnn, vgg

        /// The published sizes; batch norms keep their statistics when the network is trained.
        static var musiCNN: MusiCNN {
            var sizes = MusiCNN.Configuration()
            sizes.keepsStatistics = true
            return MusiCNN(sizes)
        }
        static var vggNetwork: VGG {
            var sizes = VGG.Configuration()
            sizes.keepsStatistics = true
            return VGG(sizes)
        }
        var model: any TaggingEncoder {
            switch self {
            case .musicnn: Self.musiCNN
            case .vgg: Self.vggNetwork
            }
        }
    }

    /// A group of values that the network outputs for a patch.
    struct Part: Equatable {
        let name: String
        let size: Int
    }

    let architecture: Architecture
    /// The meaning of the last layer's outputs; empty if the file does not name them.
    let tags: [String]
    /// The weights and their metadata.
    let file: SafetensorsFile
    let model: any TaggingEncoder
    let parameters: ParameterSet
    private let program: Program
    private let outputs: [(part: Part, tensor: Tensor)]

    var parts: [Part] { outputs.map(\.part) }

    /// - Parameter weights: a `.safetensors` file whose metadata name the architecture.
    /// - Throws: `PretrainedError.foreignWeights`, `SafetensorsError`.
    init(weights: [UInt8]) throws { try self.init(try SafetensorsFile(bytes: weights)) }

    /// - Throws: `PretrainedError.foreignWeights`.
    init(_ file: SafetensorsFile) throws {
        let named = file.metadata["architecture"] ?? ""
        guard let architecture = Architecture(rawValue: named) else {
            throw PretrainedError.foreignWeights(
                model: Architecture.allCases.map(\.rawValue).joined(separator: "` or `"),
                reason: named.isEmpty
                    ? "the metadata of the file name no `architecture`" : "the architecture is `\(Excerpt.text(named))`"
            )
        }
        self.architecture = architecture
        self.file = file
        tags = (file.metadata["tags"].flatMap { try? JSON.parse($0) })?.list?.compactMap(\.string) ?? []
        let graph = Graph(isForInference: true)
        let input = graph.input(Self.input, [1, EncoderSpectrogram.frames, EncoderSpectrogram.bands])
        switch architecture {
        case .musicnn:
            let model = Architecture.musiCNN, y = model(input)
            self.model = model
            parameters = ParameterSet(model, seed: nil)
            outputs = Self.outputs([
                ("penultimate", y.penultimate), ("mean_pool", y.meanPool), ("max_pool", y.maxPool), ("tags", y.logits),
            ])
        case .vgg:
            let model = Architecture.vggNetwork, y = model(input)
            self.model = model
            parameters = ParameterSet(model, seed: nil)
            outputs = Self.outputs([("pool5", y.pooled), ("pool4", y.meanPool), ("tags", y.logits)])
        }
        do { try parameters.load(file) } catch TrainingError.foreignState(let reason) {
            throw PretrainedError.foreignWeights(model: architecture.rawValue, reason: reason)
        }
        program = Program(graph: graph, outputs: outputs.map(\.tensor))
    }

    private static let input = "patch"

    private static func outputs(_ list: [(name: String, tensor: Tensor)]) -> [(part: Part, tensor: Tensor)] {
        list.map { (Part(name: $0.name, size: $0.tensor.shape.count), $0.tensor) }
    }

    /// Values per patch, over all parts.
    var width: Int { parts.reduce(0) { $0 + $1.size } }

    /// Runs the network on one thread, patch by patch.
    final class Runner {
        private let encoder: Encoder
        private let executor: Executor

        init(_ encoder: Encoder) {
            self.encoder = encoder
            executor = Executor(encoder.program, parameters: encoder.parameters)
        }

        /// - Parameter patches: [count, frames, bands].
        /// - Returns: [count, width].
        func run(_ patches: [Float], count: Int) -> [Float] {
            let size = patches.count / max(1, count)
            var values: [Float] = []
            values.reserveCapacity(count * encoder.width)
            for patch in 0..<count {
                _ = executor.input(Encoder.input).update(fromContentsOf: patches[(patch * size)..<((patch + 1) * size)])
                executor.forward()
                for output in encoder.outputs { values += executor.value(output.tensor) }
            }
            return values
        }
    }
}

extension Encoder {
    /// The shape of a patch, [frames, bands].
    static var patch: Shape { [EncoderSpectrogram.frames, EncoderSpectrogram.bands] }

    /// - Throws: `StageFailure` for waveforms at another sample rate than the networks were trained on.
    static func requireRate(_ attributes: [String: Value]?) throws {
        let rate = try Waveform.sampleRate(attributes)
        guard rate == EncoderSpectrogram.sampleRate else {
            throw StageFailure(
                "The network was trained on audio at \(EncoderSpectrogram.sampleRate) Hz, but `waveforms` are at "
                    + "\(rate) Hz. Decode them at the network's rate: `with: { sample_rate: "
                    + "\(EncoderSpectrogram.sampleRate) }`."
            )
        }
    }

    /// Attributes of the weights and of embeddings.
    var attributes: [String: Value] {
        [
            "architecture": .string(architecture.rawValue), "tags": .list(tags.map(Value.string)),
            "parts": .list(parts.map { ["name": .string($0.name), "size": .int($0.size)] }),
        ]
    }

    /// The parts named in the attributes, with their ranges in a patch's values.
    /// - Throws: `StageFailure` if they are missing.
    static func parts(_ attributes: [String: Value]?, port: InputPort) throws -> [(part: Part, places: Range<Int>)] {
        var start = 0, parts: [(part: Part, places: Range<Int>)] = []
        for entry in attributes?["parts"]?.list ?? [] {
            guard let name = entry["name"]?.string, let size = entry["size"]?.int, size > 0, size < 1 << 24 else {
                continue
            }
            parts.append((Part(name: name, size: size), start..<start + size))
            start += size
        }
        guard !parts.isEmpty else {
            throw StageFailure(
                "The collection on `\(port)` does not name its parts: the attribute `parts` is missing. Make it with "
                    + "`\(EmbedStage.kind)`."
            )
        }
        return parts
    }

    /// The parts with these names, in their order; all parts if none is named.
    /// - Throws: `StageFailure` for a part that the embeddings do not have.
    static func parts(
        _ attributes: [String: Value]?, port: InputPort, named wanted: [String]
    ) throws -> [(part: Part, places: Range<Int>)] {
        let known = try parts(attributes, port: port)
        guard !wanted.isEmpty else { return known }
        return try wanted.map { name in
            guard let found = known.first(where: { $0.part.name == name }) else {
                let names = known.map(\.part.name)
                let hint = Suggestion.nearest(to: name, among: names).map { " Did you mean `\($0)`?" } ?? ""
                throw StageFailure(
                    "The embeddings have no part `\(name)`; they have \(names.joined(separator: ", ")).\(hint)")
            }
            return found
        }
    }
}
