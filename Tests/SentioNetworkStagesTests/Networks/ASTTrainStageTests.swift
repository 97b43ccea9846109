import Foundation
import SentioKit
import SentioLearningStages
import SentioNN
import SentioNumerics
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioNetworkStages

@Suite struct ASTTrainStageTests {
    let harness = StageHarness()

    @Test func patchoutIsTrainedAndPredictionsSeeEverything() throws {
        let study = try SpectrogramStudy(harness), outputs = try study.train(["patchout": [1, 2]])
        #expect(try outputs["model"] != study.train()["model"] && outputs["predictions"]?.rows.count == study.ids.count)
        #expect(
            try study.train(["patchout": [1, 2]])["model"] == outputs["model"], "The same patches for the same seed.")
    }

    @Test func theNetworkHasSeenExactlyTheTrainingSongs() throws {
        let study = try SpectrogramStudy(harness)
        let outputs = try study.train()
        let training = Lineage(try study.songs(in: "train").map(StageHarness.song))
        #expect(outputs["model"]?.lineage == training && outputs["history"]?.lineage == training)
        let predictions = try #require(outputs["predictions"])
        #expect(predictions.fittedSets == [training] && predictions.lineage.isEmpty)
        #expect(predictions.rows.map(\.id) == study.ids)
        // Validation songs are watched all the same.
        #expect(harness.services.series["validation.loss"]?.count == 3)
        #expect(harness.services.metrics["songs.fitted"] == Double(try study.songs(in: "train").count))
    }

    @Test(arguments: [["patience": 2], ["keep": "best"]] as [[String: Value]])
    func songsThatChooseTheWeightsCountAsSeen(_ given: [String: Value]) throws {
        let study = try SpectrogramStudy(harness)
        let outputs = try study.train(given)
        let seen = Lineage((try study.songs(in: "train") + study.songs(in: "validation")).map(StageHarness.song))
        #expect(outputs["model"]?.lineage == seen && outputs["predictions"]?.fittedSets == [seen])
        #expect(throws: LeakageError.self) {
            try harness.run(
                EvaluateStage.self, with: ["sets": "validation", "bootstrap": 0],
                inputs: ["predictions": outputs["predictions"]!, "labels": study.labels, "split": study.split])
        }
    }

    @Test func validationThatIsOnlyWatchedMayBeScored() throws {
        let study = try SpectrogramStudy(harness)
        let outputs = try study.train()
        _ = try harness.run(
            EvaluateStage.self, with: ["sets": ["validation", "test"], "bootstrap": 0],
            inputs: ["predictions": outputs["predictions"]!, "labels": study.labels, "split": study.split])
    }

    @Test func aFewSongsAreLearnedByHeart() throws {
        let study = try SpectrogramStudy(harness, count: 12, validation: 0)
        _ = try study.train(["epochs": 60, "dropout": 0, "clip": 1, "schedule": "constant"])
        for dimension in ["valence", "arousal"] {
            let ccc = try #require(harness.services.metrics["train.\(dimension).ccc"])
            #expect(ccc > 0.9, "\(dimension): \(ccc)")
        }
        let losses = try #require(harness.services.series["train.loss"])
        #expect(losses[60]! < 0.2 * losses[1]!)
    }

    @Test(
        arguments: [
            ["loss": "ccc"], ["loss": "blend", "ema": 0.9, "warmup": 1], ["loss": "huber", "normalisation": "clip"],
            [
                "noise_tau": 0.5, "mixup": "c-mixup", "roll": 3, "gain": 2, "mel_masks": 1, "mel_mask_width": 2,
                "frame_masks": 2,
            ],
            ["pooling": "mean", "head_hidden": 8, "stride": 3, "mixup": "mixup"], ["fit_on": ["train", "validation"]],
            ["frames": 40],
        ] as [[String: Value]])
    func everyWayOfTrainingGivesFinitePredictions(_ given: [String: Value]) throws {
        let study = try SpectrogramStudy(harness)
        let table = try harness.table(try #require(try study.train(given)["predictions"]))
        #expect(table.rows.count == study.ids.count && table.columns == ["song_id", "valence", "arousal"])
        #expect(table.rows.allSatisfy { $0.dropFirst().allSatisfy { Double($0)?.isFinite == true } })
    }

    @Test func theSameSeedGivesTheSameBytesAndAnotherDoesNot() throws {
        let study = try SpectrogramStudy(harness)
        let first = try study.train(["mixup": "mixup"])
        #expect(try study.train(["mixup": "mixup"]) == first)
        #expect(try study.train(["mixup": "mixup"], seed: 8) != first)
        #expect(
            try study.train(["mixup": "mixup", "seed": 3], seed: 8)
                == study.train(["mixup": "mixup", "seed": 3], seed: 9))
    }

    /// Where the processor has no such arithmetic the numbers are float32's, and that is said.
    @Test func mixedPrecisionFallsBackToFloat32() throws {
        let study = try SpectrogramStudy(harness)
        let plain = try study.train(), automatic = try study.train(["precision": "auto"])
        #expect(harness.services.warnings.isEmpty && automatic == plain)
        let mixed = try study.train(["precision": "bf16"])
        let config = try harness.text(mixed["model"]!, "config.json")
        if Precision.bfloat16.native == .bfloat16 {
            #expect(harness.services.warnings.isEmpty && config.contains("\"precision\": \"bf16\"") && mixed != plain)
        } else {
            #expect(
                harness.services.warnings == [
                    "This CPU has no bf16 arithmetic (AVX-512 bf16 or AMX); training in float32."
                ])
            #expect(config.contains("\"precision\": \"float32\"") && mixed == plain)
        }
    }

    @Test func theHistoryIsATableOfEpochs() throws {
        let outputs = try SpectrogramStudy(harness).train()
        let table = try CSVReader.read(Array(try harness.text(outputs["history"]!, "history.csv").utf8))
        #expect(table.rows.map { $0[0] } == ["1", "2", "3"])
        for name in [
            "train.loss", "validation.loss", "train.valence.r2", "validation.arousal.ccc", "learning_rate",
            "gradient_norm",
        ] {
            let column = try #require(table.column(name), "\(name)")
            let series = try #require(harness.services.series[name])
            #expect(table.rows.map { $0[column] } == (1...3).map { "\(series[$0]!)" })
        }
        // Speed is for the eyes: it would make equal trainings unequal bytes.
        #expect(table.column("samples_per_second") == nil && harness.services.series["samples_per_second"]?.count == 3)
    }

    @Test func theModelSaysAllThatItIsRebuiltFrom() throws {
        let study = try SpectrogramStudy(harness)
        let outputs = try study.train(["frames": 16, "crops": 3])
        let config = try JSON.parse(Array(try harness.text(outputs["model"]!, "config.json").utf8))
        #expect(config["format"]?.string == "sentio-ast")
        #expect(config["architecture"]?["dim"]?.int == 16 && config["architecture"]?["frames"]?.int == 16)
        #expect(config["input"]?["crops"]?.int == 3)
        #expect(config["output"]?["dimensions"]?.list?.compactMap(\.string) == ["valence", "arousal"])
        #expect(config["output"]?["scale"]?["center"]?.double == 5)
        // Mean and deviation are those of the training songs alone.
        let training = try study.songs(in: "train").flatMap { id in
            try NpyFile.read(try harness.store.read(study.spectrograms.entry(id)!.blob)).doubles
        }
        let mean = training.reduce(0, +) / Double(training.count)
        let deviation = (training.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(training.count)).squareRoot()
        #expect(abs((config["input"]?["normalisation"]?["mean"]?.double ?? 0) - mean) < 1e-9)
        #expect(abs((config["input"]?["normalisation"]?["deviation"]?.double ?? 0) - deviation) < 1e-9)
        let file = try SafetensorsFile(
            bytes: try harness.store.read(outputs["model"]!.entry("weights.safetensors")!.blob))
        #expect(
            file.tensors["blocks.0.attn.qkv.weight"]?.shape == [48, 16]
                && file.tensors["head.weight"]?.shape == [2, 16])
        #expect(
            harness.services.metrics["parameters"] == Double(file.tensors.values.reduce(0) { $0 + $1.values.count }))
    }

    @Test func patienceEndsTheTraining() throws {
        let study = try SpectrogramStudy(harness)
        _ = try study.train(["epochs": 40, "patience": 2, "keep": "best", "learning_rate": 0.05])
        let losses = try #require(harness.services.series["validation.loss"])
        #expect(losses.count < 40)
        let best = losses.min { ($0.value, $0.key) < ($1.value, $1.key) }!
        #expect(losses.count == best.key + 2 && harness.services.metrics["epoch.kept"] == Double(best.key))
        #expect(harness.services.metrics["validation.loss"] == best.value)
    }
}
