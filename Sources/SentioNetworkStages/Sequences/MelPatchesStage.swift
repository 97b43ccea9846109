import SentioBase
package import SentioKit
import SentioNumerics

/// Summarizes a log-mel spectrogram in short patches, for models of ratings over time: `.npy` float32 [patches,
/// 2 · bands], the mean of each band over the frames of a patch, then the population standard deviation.
///
/// The output has the form of embeddings (attributes `parts`: `mean` and `std`; `patch_seconds`), so `sequence-train`,
/// `sequence-ridge` and `embedding-features` read it as they read those of a pretrained network. Nothing is learned
/// here, and what varies faster than a patch is lost but for the deviation. Frame f is at f · hop_length / sample_rate
/// seconds. The rest at a song's end that does not fill a patch is dropped; a song shorter than a patch is one patch,
/// with a warning. Throws `StageFailure` for spectrograms without the attributes of `mel-extract`. Deterministic.
package struct MelPatchesStage: ItemwiseStage {
    package static let kind = "mel-patches"
    package static let version = 1
    package static let summary = "Summarizes a spectrogram in short patches: mean and deviation of each mel band."

    static let seconds = Parameter(
        "seconds", default: 0.5, in: 0.01...3600, "Length of a patch; at least one frame.", unit: "s",
        source: "DEAM: a rating every half second")

    package static let parameters: [any ParameterDefinition] = [seconds]
    static let spectrograms = InputPort("spectrograms", .spectrograms, "Log-mel values, from `mel-extract`.")
    package static let inputs = [spectrograms]
    static let embeddings = OutputPort("embeddings", .embeddings, "Bands of each patch, [patches, 2 · bands].")
    package static let outputs = [embeddings]

    private let configuration: Configuration

    package init(_ configuration: Configuration) { self.configuration = configuration }

    /// What the spectrograms say of themselves.
    private struct Layout {
        let bands: Int
        let framesPerSecond: Double

        /// - throws: `StageFailure` for missing attributes.
        init(_ attributes: [String: Value]?) throws {
            func whole(_ name: String) throws -> Int {
                guard let value = attributes?[name]?.int, value > 0 else {
                    throw StageFailure(
                        "The spectrograms lack the attribute `\(name)`, which says how long a frame is or how many "
                            + "bands there are. Make them with `mel-extract`.")
                }
                return value
            }
            bands = try whole("n_mels")
            framesPerSecond = Double(try whole("sample_rate")) / Double(try whole("hop_length"))
        }
    }

    package func makeWorker(_ shared: SharedInputs) throws -> any ItemWorker {
        let layout = try Layout(shared.attributes[Self.spectrograms])
        let frames = configuration[Self.seconds] * layout.framesPerSecond
        guard frames >= 1 else {
            throw StageFailure(
                "`seconds: \(NumberText.short(configuration[Self.seconds]))` is shorter than a frame of the "
                    + "spectrograms, \(NumberText.rounded(1 / layout.framesPerSecond, to: 4)) s. Raise it, or make "
                    + "spectrograms with a smaller `hop_length`.")
        }
        return Worker(bands: layout.bands, patchFrames: frames)
    }

    package func attributes(of inputs: PortMap<[String: Value]>) throws -> [String: Value] {
        let size = Value.int(try Layout(inputs[Self.spectrograms]).bands)
        return [
            "parts": [["name": "mean", "size": size], ["name": "std", "size": size]],
            "patch_seconds": .double(configuration[Self.seconds]),
        ]
    }

    private final class Worker: ItemWorker {
        let bands: Int
        /// Not a whole number.
        let patchFrames: Double

        init(bands: Int, patchFrames: Double) { (self.bands, self.patchFrames) = (bands, patchFrames) }

        func process(_ item: Item) throws -> [UInt8] {
            let array = try NpyFile.read(item.bytes(spectrograms))
            guard array.shape.count == 2, array.shape[0] == bands, array.shape[1] > 0 else {
                throw StageFailure(
                    "A spectrogram has the shape [\(bands), frames], as its attribute `n_mels` says, not "
                        + "\(array.shape).")
            }
            let (frames, values) = (array.shape[1], array.floats)
            let whole = Int(Double(frames - 1) / patchFrames)
            if whole == 0 { item.warn("shorter than a patch; all of it is one") }
            var patches: [Float] = []
            patches.reserveCapacity(max(1, whole) * 2 * bands)
            for patch in 0..<max(1, whole) {
                // Frames whose time is in the patch; at least one, also where the bounds are not exact.
                let start = Int((Double(patch) * patchFrames).rounded(.up))
                let end = whole == 0 ? frames : Int((Double(patch + 1) * patchFrames).rounded(.up))
                let range = start..<min(frames, max(start + 1, end)), count = Double(range.count)
                var means: [Float] = [], deviations: [Float] = []
                for band in 0..<bands {
                    let row = band * frames
                    let mean = range.reduce(0.0) { $0 + Double(values[row + $1]) } / count
                    let squares = range.reduce(0.0) { sum, frame in
                        let difference = Double(values[row + frame]) - mean
                        return sum + difference * difference
                    }
                    means.append(Float(mean))
                    deviations.append(Float((squares / count).squareRoot()))
                }
                patches += means + deviations
            }
            return NpyFile.write(NpyArray(patches, shape: [max(1, whole), 2 * bands]))
        }
    }
}
