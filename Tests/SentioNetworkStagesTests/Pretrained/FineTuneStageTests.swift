import SentioKit
import SentioNN
import SentioNumerics
import SentioSongStages
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioNetworkStages

/// What the stage adds to network and trainer, which have their own tests. The encoder is of the published size, its
/// weights are drawn at random.
@Suite struct FineTuneStageTests {
    let harness = StageHarness()

    private func weights(_ outputs: [String: Manifest]) throws -> [String: [Float]] {
        let entry = try #require(outputs["model"]?.entry("weights.safetensors"))
        let file = try SafetensorsFile(bytes: try harness.store.read(entry.blob))
        #expect(file.metadata["architecture"] == "musicnn")
        return file.tensors.mapValues(\.values)
    }

    @Test(arguments: ["head", "last", "all"]) func onlyWhatIsToBeTrainedChanges(_ part: String) throws {
        let study = try FineTuneStudy(harness), outputs = try study.train(["train": .string(part)])
        #expect(outputs["model"]?.lineage == Lineage(try study.songs.songs(in: "train").map(StageHarness.song)))
        let table = try harness.table(try #require(outputs["predictions"]))
        #expect(table.rows.map { $0[0] } == study.songs.ids)
        #expect(table.rows.allSatisfy { $0.dropFirst().allSatisfy { Double($0)?.isFinite == true } })
        let trained = try weights(outputs)
        let changed = Set(
            study.values.filter { trained[$0.key] != $0.value }.keys.map { String($0.prefix { $0 != "." }) })
        let last: Set<String> = ["cnn", "cnn_norm", "flat_norm", "hidden", "hidden_norm"]
        let front: Set<String> = ["input_norm", "timbral", "timbral_norm", "temporal", "temporal_norm"]
        #expect(changed == (part == "head" ? [] : part == "last" ? last : last.union(front)))
        #expect(trained["cnn_norm.0.running_mean"] == study.values["cnn_norm.0.running_mean"])
        #expect(trained["head.output.weight"]?.count == 2 * (1506 + 200))
        let config = try JSON.parse(Array(try harness.text(outputs["model"]!, "config.json").utf8))
        #expect(config["format"] == "sentio-finetune" && config["architecture"]?["train"]?.string == part)
        #expect(config["training"]?["songs"]?.int == 4)
    }

    @Test func theHeadLearnsWhatTheEncoderHears() throws {
        let study = try FineTuneStudy(harness)
        let outputs = try study.train([
            "train": "head", "epochs": 200, "batch": 4, "dropout": 0, "ema": 0, "loss": "mse", "weight_decay": 0,
            "learning_rate": 0.0003, "loss_weights": [1, 0],
        ])
        let history = try CSVReader.read(
            try harness.store.read(try #require(outputs["history"]?.entries.first).blob))
        let column = try #require(history.column("train.loss"))
        let losses = history.rows.compactMap { Double($0[column]) }
        #expect(losses.count == 200 && losses[199] < 0.5 * losses[0], "\(losses)")
        #expect(history.column("validation.loss") != nil)
    }

    @Test(arguments: ["head", "last"]) func aStoppedTrainingEndsWithTheSameBytes(_ part: String) throws {
        let study = try FineTuneStudy(harness), given: [String: Value] = ["train": .string(part), "mixup": "mixup"]
        let whole = try study.train(given)
        // The frozen layers tell their progress first, patch by patch.
        let stopped = StoppingServices(after: try study.patches(in: ["train", "validation"]) + 3)
        #expect(throws: StageCancelled.self) { try study.train(given, services: stopped) }
        let checkpoint = try #require(stopped.behind.loadCheckpoint(name: StoppingServices.checkpoint))
        let goesOn = StoppingServices(after: .max, checkpoints: checkpoint)
        #expect(try study.train(given, services: goesOn) == whole)
        #expect(goesOn.behind.lines.contains { $0.hasPrefix("Resumes from epoch 2") }, "\(goesOn.behind.lines)")
    }

    @Test func collectionsHaveTheirOwnPart() throws {
        var study = try FineTuneStudy(harness)
        let training = try study.songs.songs(in: "train"), ids = study.songs.ids
        let foreign = try #require(ids.first { !training.contains($0) })
        // One song that is not trained on is of a collection that training does not know.
        try study.setSources { index in
            ids[index] == foreign ? "far" : (training.firstIndex(of: ids[index]) ?? 0) % 2 == 0 ? "a" : "b"
        }
        let outputs = try study.train(["train": "head", "context": "source"])
        let config = try JSON.parse(Array(try harness.text(outputs["model"]!, "config.json").utf8))
        #expect(config["architecture"]?["contexts"] == ["a", "b"])
        #expect(try weights(outputs)["head.intercept.weight"]?.count == 4)
        #expect(try harness.table(try #require(outputs["predictions"])).rows.count == 8)
        #expect(
            harness.services.warnings == [
                "1 song of a collection that no training song is from, predicted by what the others have in common: "
                    + "\(foreign)."
            ])
        try study.setSources { _ in "a" }
        _ = try study.train(["train": "head", "context": "source"])
        #expect(
            harness.services.warnings.contains(
                "`context: source` has no effect: the labels do not tell training songs of several collections apart.")
        )
    }

    @Test func whatDoesNotFitIsSaid() throws {
        let study = try FineTuneStudy(harness)
        #expect(
            sentence { _ = try study.train(["gain": 6]) }
                == "`gain`: it augments spectrograms, but with `train: last` the epochs read stored activations. "
                + "Set it to 0, or set `train: all`.")
        #expect(
            sentence { _ = try study.train(["context": "source"]) }.contains("has no column `source`"))
        let other = try FineTuneStudy(harness, rate: 22_050)
        #expect(
            sentence { _ = try other.train() }.hasPrefix(
                "The network was trained on audio at 16000 Hz, but `waveforms` are at 22050 Hz."))
        #expect(sentence { _ = try study.train(["frames": 16]) }.contains("frames"), "not a parameter of this kind")
        var empty = study
        empty.waveforms = harness.collection(.waveforms, [:], attributes: ["sample_rate": 16_000])
        #expect(
            sentence { _ = try empty.train() } == "The split leaves no song with waveform and labels to train on.")
    }

    @Test func workIsForeseen() throws {
        func work(_ given: [String: Value]) throws -> Double? {
            let stage = try FineTuneStage(try Configuration(FineTuneStage.parameters, given: given))
            let amounts: PortMap<Amount> = [
                "split": Amount(items: 100), "waveforms": Amount(items: 100, bytes: 100 * 45 * 64_000),
                "weights": Amount(items: 1, attributes: ["architecture": "musicnn"]),
            ]
            return stage.workload(of: amounts)?.amounts["operations"]
        }
        let last = try #require(try work([:])), all = try #require(try work(["train": "all"]))
        let few = try #require(try work(["patches": 5]))
        // 15 patches through the front end once, against 80 songs in 30 epochs of 4 patches, three times the work.
        #expect(all > 8 * last && all < 25 * last, "\(all) and \(last)")
        #expect(few < last)
        let none = try FineTuneStage(try Configuration(FineTuneStage.parameters, given: [:]))
        #expect(none.workload(of: ["split": Amount(items: 100)]) == nil)
    }
}
