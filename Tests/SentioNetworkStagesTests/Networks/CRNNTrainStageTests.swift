import SentioKit
import SentioNumerics
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioNetworkStages

@Suite struct CRNNTrainStageTests {
    let harness = StageHarness()
    static let tiny: [String: Value] = [
        "channels": [4, 8], "pool_mels": [2, 2], "pool_frames": [2, 2], "widths": [8], "head": [8], "frames": 16,
        "batch": 4, "epochs": 2,
    ]

    private func train(_ study: SpectrogramStudy, _ more: [String: Value] = [:], services: (any StageServices)? = nil)
        throws
        -> [String: Manifest]
    {
        try harness.run(
            CRNNTrainStage.self, with: Self.tiny.merging(more) { $1 }, inputs: study.inputs, services: services)
    }

    @Test(
        arguments: [
            [:], ["cell": "gru", "pooling": "attention", "bidirectional": false],
            ["pooling": "last", "head": [], "ema": 0.9, "mixup": "mixup"],
            ["preset": "compact", "batch": 64],
        ] as [[String: Value]])
    func everyFormIsTrained(_ given: [String: Value]) throws {
        let study = try SpectrogramStudy(harness), outputs = try train(study, given)
        #expect(outputs["model"]?.lineage == Lineage(try study.songs(in: "train").map(StageHarness.song)))
        let table = try harness.table(try #require(outputs["predictions"]))
        #expect(table.rows.count == study.ids.count)
        #expect(table.rows.allSatisfy { $0.dropFirst().allSatisfy { Double($0)?.isFinite == true } })
        let config = try JSON.parse(Array(try harness.text(outputs["model"]!, "config.json").utf8))
        #expect(config["format"]?.string == "sentio-crnn" && config["architecture"]?["channels"]?.list?.count == 2)
    }

    /// Bands are channels; the sizes are the study's but for what is given.
    @Test func theOneDimensionalFormIsTrained() throws {
        let study = try SpectrogramStudy(harness)
        let given: [String: Value] = ["form": "1d", "batch": 4, "epochs": 2, "checkpoint_seconds": 0]
        let outputs = try harness.run(
            CRNNTrainStage.self, with: given.merging(["frames": 20]) { $1 }, inputs: study.inputs)
        let config = try JSON.parse(Array(try harness.text(outputs["model"]!, "config.json").utf8))
        #expect(
            config["architecture"]?["form"]?.string == "feature-frames" && config["architecture"]?["mels"]?.int == 8)
        #expect(config["architecture"]?["head_dropout"]?.list?.compactMap(\.double) == [0.4, 0])
        // 282,146 with 40 bands: of these the first kernel has 64 · 3 for each. PyTorch's cells have a second bias, and
        // running statistics are not trained.
        let count = 282_146 - 32 * 64 * 3 + 4 * (128 + 64) - 2 * (64 + 128)
        #expect(harness.services.metrics["parameters"] == Double(count))
        #expect(
            try harness.run(CRNNTrainStage.self, with: given, inputs: study.inputs)["model"] != nil,
            "600 frames, padded.")
        #expect(
            sentence {
                _ = try harness.run(
                    CRNNTrainStage.self, with: ["form": "1d", "head_dropout": [0.1]], inputs: study.inputs)
            }
                == "`head_dropout`: it has 1 numbers for 2 hidden layers (`head`); give one per layer.")
        #expect(
            sentence { _ = try train(study, ["form": "1d", "pool_mels": [2, 2]]) }.contains(
                "Feature frames are pooled over time only"))
    }

    @Test(arguments: [1, 2, 3]) func aStoppedTrainingEndsWithTheSameBytes(_ steps: Int) throws {
        let study = try SpectrogramStudy(harness), whole = try train(study)
        let stopped = StoppingServices(after: steps)
        #expect(throws: StageCancelled.self) { try train(study, services: stopped) }
        let checkpoint = try #require(stopped.behind.loadCheckpoint(name: StoppingServices.checkpoint))
        #expect(try train(study, services: StoppingServices(after: .max, checkpoints: checkpoint)) == whole)
    }

    @Test func whatDoesNotFitIsSaid() throws {
        let study = try SpectrogramStudy(harness)
        #expect(
            sentence { _ = try train(study, ["pool_mels": [2]]) }
                == "`pool_mels`: it has 1 numbers for 2 blocks (`channels`); give one per block.")
        let text = sentence { _ = try train(study, ["pool_mels": [8, 8]]) }
        #expect(
            text.contains("is too small for these pooling windows") && text.contains("Change `pool_mels`"), "\(text)")
    }
}
