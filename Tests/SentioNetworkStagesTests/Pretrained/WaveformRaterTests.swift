import SentioKit
import SentioNN
import SentioNumerics
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioNetworkStages

/// `apply-network` with models of `finetune`.
@Suite struct WaveformRaterTests {
    let harness = StageHarness()

    private func apply(_ model: Manifest?, _ waveforms: Manifest, with given: [String: Value] = [:]) throws -> Manifest
    {
        let outputs = try harness.run(
            ApplyNetworkStage.self, with: given, inputs: ["model": try #require(model), "waveforms": waveforms])
        return try #require(outputs["predictions"])
    }

    /// With `train: last` the training predicts from activations that are stored as bfloat16, so the undivided network
    /// would give other bits.
    @Test(
        arguments: [
            ["train": "head"], ["train": "last"], ["train": "all"],
            ["train": "head", "features": "pooled", "head_hidden": 5, "patches": 1, "ema": 0.9],
        ] as [[String: Value]])
    func songsAreRatedAsTheTrainingDid(_ given: [String: Value]) throws {
        let study = try FineTuneStudy(harness), outputs = try study.train(given.merging(["epochs": 1]) { $1 })
        #expect(try apply(outputs["model"], study.waveforms) == outputs["predictions"])
        var few = study.waveforms
        few.entries = [1, 6].map { study.waveforms.entries[$0] }
        let trained = try harness.table(try #require(outputs["predictions"])).rows
        #expect(try harness.table(try apply(outputs["model"], few)).rows == [trained[1], trained[6]])
    }

    @Test func songsAreTakenToBeFromTheCollectionThatIsNamed() throws {
        var study = try FineTuneStudy(harness)
        let training = try study.songs.songs(in: "train"), ids = study.songs.ids
        let foreign = try #require(ids.first { !training.contains($0) })
        func source(_ index: Int) -> String {
            ids[index] == foreign ? "far" : (training.firstIndex(of: ids[index]) ?? 0) % 2 == 0 ? "a" : "b"
        }
        try study.setSources(source)
        let outputs = try study.train(["train": "head", "context": "source", "epochs": 1]), model = outputs["model"]
        let trained = try harness.table(try #require(outputs["predictions"])).rows
        for (context, name) in [("b", "b"), (nil, "far")] as [(Value, String)] {
            let rows = try harness.table(try apply(model, study.waveforms, with: ["context": context])).rows
            for index in ids.indices {
                #expect((rows[index] == trained[index]) == (source(index) == name), "\(ids[index]) as \(name)")
            }
        }
        #expect(
            sentence { _ = try apply(model, study.waveforms, with: ["context": "c"]) }.hasPrefix(
                "`context: c` is no collection that the model was trained on; it knows a, b."))
        let plain = try study.train(["train": "head", "epochs": 1])["model"]
        #expect(
            sentence { _ = try apply(plain, study.waveforms, with: ["context": "a"]) }
                == "`context: a` does not apply: the model does not tell collections apart. Remove `context`.")
    }

    @Test func whatDoesNotFitIsSaid() throws {
        let study = try FineTuneStudy(harness)
        let manifest = try #require(try study.train(["train": "head", "epochs": 1])["model"])
        var other = study.waveforms
        other.attributes["sample_rate"] = 44_100
        #expect(
            sentence { _ = try apply(manifest, other) }.hasPrefix(
                "The network was trained on audio at 16000 Hz, but `waveforms` are at 44100 Hz."))
        #expect(
            sentence {
                try harness.run(
                    ApplyNetworkStage.self, inputs: ["model": manifest, "spectrograms": study.songs.spectrograms])
            }
                == "The model on `model` reads waveforms, and `waveforms` is not connected. Connect it under `in:`.")
        let short = harness.collection(
            .waveforms, ["brief": NpyFile.write(NpyArray([Float](repeating: 0.1, count: 9000), shape: [9000]))],
            attributes: ["sample_rate": 16_000])
        #expect(try harness.table(try apply(manifest, short)).rows.count == 1)
        #expect(
            harness.services.warnings.last
                == "1 song shorter than the 3 s that the network hears at once, and repeated to fill them: brief.")
    }

    /// What all networks have in common is damaged in the tests of `apply-network`.
    @Test func damagedModelsAreExplained() throws {
        let study = try FineTuneStudy(harness)
        let model = try DamagedModel(harness, try #require(try study.train(["train": "head", "epochs": 1])["model"]))
        var short = study.waveforms
        short.entries = [study.waveforms.entries[7]]
        let paths = model.paths(without: ["output", "training", "format", "version"])
        #expect(paths.count == 13)
        for path in paths {
            #expect(
                sentence { _ = try apply(model.with(nil, at: path), short) }.hasPrefix(
                    "The model on `model` cannot be used: `\(path)` is missing from its config.json."))
            do { _ = try apply(model.with(["a", "a"], at: path), short) } catch {
                #expect(error is StageFailure, "\(path): \(error)")
            }
        }
        func said(_ damaged: Manifest) -> String { sentence { _ = try apply(damaged, short) } }
        #expect(
            said(model.with(8000, at: "input.sample_rate")).contains(
                "`input.sample_rate` in its config.json is 8000, not 16000, which the encoders read."))
        #expect(
            said(model.with("vgg", at: "architecture.encoder")).contains(
                "`architecture.encoder` in its config.json is vgg, not `musicnn`, as in its weights."))
        #expect(
            said(try model.with { $0.tensors["timbral.0.weight"] = nil }).contains(
                "its weights.safetensors does not fit its config.json: `timbral.0.weight` is missing."))
        #expect(
            said(try model.with { $0.metadata["architecture"] = nil }).contains(
                "its weights.safetensors does not fit its config.json: the metadata of the file name no "
                    + "`architecture`."))
        #expect(
            said(try model.with { $0.tensors["head.output.weight"] = nil }).contains(
                "`head.output.weight` is missing."))
    }
}
