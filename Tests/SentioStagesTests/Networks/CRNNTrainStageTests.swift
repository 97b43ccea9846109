import SentioKit
import SentioNumerics
import SentioStages
import Testing

@Suite struct CRNNTrainStageTests {
    let harness = StageHarness()
    static let tiny: [String: Value] = [
        "channels": [4, 8], "pool_mels": [2, 2], "pool_frames": [2, 2], "widths": [8], "head": [8], "frames": 16, "batch": 4, "epochs": 2,
    ]

    private func train(_ study: SpectrogramStudy, _ more: [String: Value] = [:], services: (any StageServices)? = nil) throws
        -> [String: Manifest]
    {
        try harness.run(CRNNTrainStage.self, with: Self.tiny.merging(more) { $1 }, inputs: study.inputs, services: services)
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
                == "`pool_mels`: it has 1 numbers for 2 blocks (`channels`); give one each.")
        let text = sentence { _ = try train(study, ["pool_mels": [8, 8]]) }
        #expect(text.contains("is too small for these pooling windows") && text.contains("Change `pool_mels`"), "\(text)")
    }
}
