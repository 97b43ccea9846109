import SentioKit
import SentioNumerics
import SentioSongStages
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioNetworkStages

@Suite struct MelPatchesStageTests {
    let harness = StageHarness()
    /// 8 frames a second, two bands.
    static let attributes: [String: Value] = ["sample_rate": 800, "hop_length": 100, "n_mels": 2]

    private func spectrogram(frames: Int) -> [UInt8] {
        let values = (0..<2 * frames).map { Float($0 * $0 % 11) }
        return NpyFile.write(NpyArray(values, shape: [2, frames]))
    }

    private func patches(_ frames: Int, _ given: [String: Value] = [:]) throws -> (NpyArray, Manifest) {
        let input = harness.collection(.spectrograms, ["a": spectrogram(frames: frames)], attributes: Self.attributes)
        let output = try harness.runItems(MelPatchesStage.self, with: given, port: "spectrograms", input)
        return (try NpyFile.read(try harness.store.read(output.entries[0].blob)), output)
    }

    @Test func meansAndDeviationsOfEachPatch() throws {
        // numpy: s = (numpy.arange(26) ** 2 % 11).reshape(2, 13); patches of 4 frames: mean(axis=1), std(axis=1)
        let (array, manifest) = try patches(13)
        #expect(array.shape == [3, 4])
        let expected: [Float] = [
            3.5, 5.25, 3.5, 2.277608394786075, 4, 5.25, 1, 2.277608394786075, 3.5, 1.5, 3.5, 1.5,
        ]
        #expect(zip(array.floats, expected).allSatisfy { abs($0 - $1) < 1e-6 }, "\(array.floats)")
        #expect(manifest.attributes["patch_seconds"] == 0.5)
        #expect(
            try Encoder.parts(manifest.attributes, port: EmbeddingFeaturesStage.embeddings, named: []).map(\.places)
                == [0..<2, 2..<4])
    }

    /// 0.3 s are 2.4 frames: patches of 3, 2, 3, 2, 2, 3, 2 and 3.
    @Test func patchesNeedNotBeWholeFrames() throws {
        let (array, _) = try patches(21, ["seconds": 0.3])
        #expect(array.shape == [8, 4])
        // numpy: the mean of band 0 over the frames i with k * 2.4 <= i < (k + 1) * 2.4
        let means = (0..<8).map { array.floats[4 * $0] }
        let expected: [Float] = [
            1.6666666666666667, 7, 3.6666666666666665, 6.5, 0.5, 4.666666666666667, 4, 5.666666666666667,
        ]
        #expect(zip(means, expected).allSatisfy { abs($0 - $1) < 1e-6 }, "\(means)")
    }

    @Test func aShortSongIsOnePatchAndSaysSo() throws {
        let stage = MelPatchesStage(try Configuration(MelPatchesStage.parameters, given: [:]))
        let worker = try stage.makeWorker(SharedInputs(attributes: ["spectrograms": Self.attributes]))
        let item = Item(id: "a", bytes: ["spectrograms": spectrogram(frames: 3)])
        let array = try NpyFile.read(try worker.process(item))
        // numpy: [[0, 1, 4], [9, 5, 3]]
        #expect(array.shape == [1, 4])
        let expected: [Float] = [1.6666666666666667, 5.666666666666667, 1.699673171197595, 2.494438257849294]
        #expect(zip(array.floats, expected).allSatisfy { abs($0 - $1) < 1e-6 }, "\(array.floats)")
        #expect(item.warnings == ["shorter than a patch; all of it is one"])
        let wrong = Item(id: "a", bytes: ["spectrograms": NpyFile.write(NpyArray([Float(1), 2, 3], shape: [3, 1]))])
        #expect(
            sentence { _ = try worker.process(wrong) }
                == "A spectrogram has the shape [2, frames], as its attribute `n_mels` says, not [3, 1].")
    }

    @Test func whatCannotBeUsedGetsASentence() throws {
        func problem(_ attributes: [String: Value], _ given: [String: Value] = [:]) -> String {
            sentence {
                _ = try MelPatchesStage(try Configuration(MelPatchesStage.parameters, given: given)).makeWorker(
                    SharedInputs(attributes: ["spectrograms": attributes]))
            }
        }
        #expect(
            problem(["n_mels": 2, "sample_rate": 800])
                == "The spectrograms lack the attribute `hop_length`, which says how long a frame is or how many bands there are. Make them with `mel-extract`."
        )
        #expect(
            problem(Self.attributes, ["seconds": 0.1])
                == "`seconds: 0.1` is shorter than a frame of the spectrograms, 0.125 s. Raise it, or make spectrograms with a smaller `hop_length`."
        )
    }

    /// The models of ratings over time read them as embeddings.
    @Test func sequencesAreLearnedFromThem() throws {
        var toys = try SequenceToys(harness)
        let spectrograms = harness.collection(
            .spectrograms, Dictionary(uniqueKeysWithValues: toys.ids.map { ($0, spectrogram(frames: 80)) }),
            attributes: Self.attributes)
        toys.embeddings = try harness.runItems(MelPatchesStage.self, port: "spectrograms", spectrograms)
        let outputs = try harness.run(
            SequenceTrainStage.self, with: SequenceStagesTests.tiny.merging(["parts": ["mean"]]) { $1 },
            inputs: toys.inputs)
        #expect(outputs["predictions"]?.entries.count == 20)
        let config = try JSON.parse(Array(try harness.text(try #require(outputs["model"]), "config.json").utf8))
        #expect(config["input"]?["patch_seconds"]?.double == 0.5 && config["architecture"]?["inputs"]?.int == 2)
    }
}
