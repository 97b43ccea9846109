import SentioKit
import SentioLearningStages
import SentioNumerics
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioNetworkStages

@Suite struct ApplySequenceStageTests {
    let harness = StageHarness()

    private func train(_ toys: SequenceToys, _ more: [String: Value] = [:]) throws -> [String: Manifest] {
        try harness.run(
            SequenceTrainStage.self, with: SequenceStagesTests.tiny.merging(more) { $1 }, inputs: toys.inputs)
    }

    private func apply(_ model: Manifest?, _ embeddings: Manifest) throws -> Manifest {
        let outputs = try harness.run(
            ApplySequenceStage.self, inputs: ["model": try #require(model), "embeddings": embeddings])
        return try #require(outputs["predictions"])
    }

    /// Not only the numbers: the whole artifact, with its lineage.
    @Test(
        arguments: [
            [:], ["parts": ["penultimate"]], ["cell": "lstm", "bidirectional": false, "ema": 0.9],
            ["keep": "best", "widths": [4, 4], "dropout": 0.2],
        ] as [[String: Value]])
    func songsAreRatedAsTheTrainingDid(_ given: [String: Value]) throws {
        let toys = try SequenceToys(harness), outputs = try train(toys, given)
        #expect(try apply(outputs["model"], toys.embeddings) == outputs["predictions"])
        var few = toys.embeddings
        few.entries = [3, 17].map { toys.embeddings.entries[$0] }
        let trained = try #require(outputs["predictions"])
        #expect(try apply(outputs["model"], few).entries.map(\.blob) == [3, 17].map { trained.entries[$0].blob })
    }

    @Test func scoresAreRefusedOnSongsThatTheModelHasSeen() throws {
        let toys = try SequenceToys(harness)
        func evaluate(_ given: [String: Value]) throws {
            let predictions = try apply(try train(toys, given)["model"], toys.embeddings)
            try harness.run(
                EvaluateSequenceStage.self, with: ["sets": ["validation"], "bootstrap": 50],
                inputs: ["predictions": predictions, "ratings": toys.ratings, "split": toys.split])
        }
        try evaluate([:])
        #expect(throws: LeakageError.self) { try evaluate(["fit_on": ["train", "validation"]]) }
    }

    @Test func whatDoesNotFitIsSaid() throws {
        var toys = try SequenceToys(harness)
        let manifest = try #require(try train(toys)["model"]), given = toys.embeddings
        toys.embeddings.attributes["patch_seconds"] = 2
        #expect(
            sentence { _ = try apply(manifest, toys.embeddings) }.hasPrefix(
                "The model was trained on patches of 3.0 s, and the embeddings on `embeddings` have patches of 2.0 s."))
        toys.embeddings.attributes["parts"] = [["name": "penultimate", "size": 2]]
        #expect(
            sentence { _ = try apply(manifest, toys.embeddings) }.hasPrefix(
                "The model reads 3 values per patch, and the embeddings on `embeddings` have 2."))
        let study = try SpectrogramStudy(harness), whole = try #require(try study.train()["model"])
        #expect(
            sentence { _ = try apply(whole, given) }
                == "The model on `model` cannot be used: it rates whole songs; `apply-network` applies it. Connect the "
                + "output `model` of a `sequence-train` stage.")
        #expect(
            sentence {
                try harness.run(
                    ApplyNetworkStage.self, inputs: ["model": manifest, "spectrograms": study.spectrograms])
            }.hasPrefix(
                "The model on `model` cannot be used: it rates moments of songs, not songs; `apply-sequence` applies "
                    + "it."))
        toys.embeddings.entries = []
        toys.embeddings.attributes = given.attributes
        #expect(
            sentence { _ = try apply(manifest, toys.embeddings) }
                == "There is no song to rate: the collection is empty.")
    }

    @Test func damagedModelsAreExplained() throws {
        let toys = try SequenceToys(harness)
        let model = try DamagedModel(harness, try #require(try train(toys)["model"]))
        let paths = model.paths(without: ["training"])
        #expect(paths.count > 18)
        for path in paths {
            #expect(
                sentence { _ = try apply(model.with(nil, at: path), toys.embeddings) }
                    == "The model on `model` cannot be used: `\(path)` is missing from its config.json. Connect the "
                    + "output `model` of a `sequence-train` stage.")
            for value in [nil, "x", -1, 0, 1e300, 3, [], [:], ["a", "a"], .int(.max)] as [Value] {
                do { _ = try apply(model.with(value, at: path), toys.embeddings) } catch {
                    #expect(error is StageFailure, "\(path) = \(value.text): \(error)")
                }
            }
        }
        #expect(
            sentence { _ = try apply(try model.with { $0.tensors["input.mean"] = nil }, toys.embeddings) }.contains(
                "its weights.safetensors does not fit its config.json: `input.mean` is missing, or is not [3]."))
    }

    @Test func theTrainingNamesTheKindThatAppliesIt() throws {
        guard case .model(let model) = SequenceTrainStage.application else {
            Issue.record("sequence-train has no model to apply")
            return
        }
        #expect(model.kind == ApplySequenceStage.kind && model.input("embeddings") == "embeddings")
        #expect(model.input("ratings") == nil && model.input("split") == nil)
        #expect(ApplySequenceStage.outputs == [model.predictions])
    }
}
