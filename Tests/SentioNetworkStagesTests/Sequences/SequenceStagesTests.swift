import SentioKit
import SentioLearningStages
import SentioNN
import SentioNumerics
import SentioSongStages
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioNetworkStages

/// `sequence-train` and `sequence-ridge`.
@Suite struct SequenceStagesTests {
    let harness = StageHarness()
    static let tiny: [String: Value] = [
        "widths": [8], "epochs": 4, "batch": 4, "learning_rate": 0.01, "input_dropout": 0, "dropout": 0,
        "checkpoint_seconds": 0,
    ]

    private func train(
        _ toys: SequenceToys, _ more: [String: Value] = [:], seed: UInt64 = 7, services: (any StageServices)? = nil
    ) throws -> [String: Manifest] {
        try harness.run(
            SequenceTrainStage.self, with: Self.tiny.merging(more) { $1 }, inputs: toys.inputs, seed: seed,
            services: services)
    }

    /// Mean squared error over the moments of test songs.
    private func error(_ toys: SequenceToys, _ predictions: Manifest) throws -> Double {
        var sum = 0.0, count = 0.0
        for song in try toys.songs(in: "test") {
            let truth = try toys.series(toys.ratings, song)
            let predicted = try toys.series(predictions, song).at(truth.times)
            for (one, other) in zip(truth.values.values, predicted.values) { sum += (one - other) * (one - other) }
            count += Double(truth.values.values.count)
        }
        return sum / count
    }

    @Test func aNetworkFollowsRatingsOfSongsThatItHasNotSeen() throws {
        let toys = try SequenceToys(harness)
        let outputs = try train(toys, ["epochs": 80, "widths": [16]]),
            predictions = try #require(outputs["predictions"])
        #expect(predictions.type == "predicted-sequences" && predictions.entries.map(\.id) == toys.ids)
        #expect(predictions.attributes["scale"] == [-1.0, 1.0])
        let untrained = try #require(try train(toys, ["epochs": 1, "learning_rate": 1e-9])["predictions"])
        #expect(try error(toys, predictions) < 0.4 * error(toys, untrained))
        let last = try toys.series(predictions, toys.ids[0])
        #expect(last.times.count == 13 && last.times[0] == 3 && last.times[12] == 9)
        let seen = Lineage(try toys.songs(in: "train").map(StageHarness.song))
        #expect(outputs["model"]?.lineage == seen && predictions.fittedSets == [seen])
        #expect(predictions.entries.allSatisfy { $0.sources == [StageHarness.song($0.id)] && $0.fitted == 0 })
        let config = try JSON.parse(Array(try harness.text(outputs["model"]!, "config.json").utf8))
        #expect(config["format"]?.string == "sentio-sequence" && config["input"]?["steps"]?.int == 13)
        #expect(config["architecture"]?["inputs"]?.int == 3)
        let history = try harness.table(try #require(outputs["history"]))
        #expect(history.columns.contains("validation.arousal.ccc") && history.rows.count == 80)
    }

    @Test(
        arguments: [
            ["loss": "ccc", "parts": ["penultimate"]], ["loss": "blend", "cell": "lstm", "bidirectional": false],
            ["keep": "best", "patience": 3, "loss": "huber"], ["ema": 0.9, "widths": [4, 4], "dropout": 0.2],
            ["schedule": "plateau"], ["cell": "attention", "heads": 2],
            ["cell": "attention", "heads": 4, "widths": [8, 8], "dropout": 0.2, "loss": "ccc"],
        ] as [[String: Value]])
    func everyFormIsTrained(_ given: [String: Value]) throws {
        let toys = try SequenceToys(harness), outputs = try train(toys, given)
        for id in toys.ids {
            let isFinite = try toys.series(outputs["predictions"]!, id).values.values.allSatisfy { $0.isFinite }
            #expect(isFinite, "\(id)")
        }
        let chooses = given["keep"] != nil || given["schedule"] != nil
        let seen = try toys.songs(in: "train") + (chooses ? try toys.songs(in: "validation") : [])
        #expect(outputs["model"]?.lineage == Lineage(seen.map(StageHarness.song)))
    }

    @Test func attentionFollowsRatingsToo() throws {
        let toys = try SequenceToys(harness)
        let outputs = try train(toys, ["cell": "attention", "heads": 2, "epochs": 80, "widths": [16]])
        let untrained = try #require(
            try train(toys, ["cell": "attention", "heads": 2, "epochs": 1, "learning_rate": 1e-9])["predictions"])
        #expect(try error(toys, try #require(outputs["predictions"])) < 0.4 * error(toys, untrained))
        let config = try JSON.parse(Array(try harness.text(outputs["model"]!, "config.json").utf8))
        #expect(config["architecture"]?["cell"]?.string == "attention")
        #expect(config["architecture"]?["heads"]?.int == 2 && config["architecture"]?["inputs"]?.int == 3)
    }

    /// A song of 5 patches of 3 s ends within 18 s; a grid that goes on has padding.
    @Test func aSampleStartsWithTheNumberOfItsSteps() throws {
        let toys = try SequenceToys(harness), entry = toys.embeddings.entries[0]
        let song = try EmbeddingSequence(
            try harness.store.read(entry.blob), song: entry.id, places: [0..<3], patchSeconds: 3,
            port: SequenceStudy.embeddings)
        let times: [Double] = [2, 8, 14, 18, 18.5, 30]
        func sample(_ hasLengths: Bool) -> [Float] {
            let source = SequenceSource(
                songs: [song], targets: [], times: times, scaling: EmbeddingScaling(width: 3), dimensions: 12,
                hasLengths: hasLengths)
            var input = [Float](repeating: .nan, count: source.inputShape.count), target: [Float] = [0]
            input.withUnsafeMutableBufferPointer { input in
                target.withUnsafeMutableBufferPointer { source.load(epoch: 0, position: 0, input: input, target: $0) }
            }
            return input
        }
        #expect(sample(true) == [4, 0, 0] + sample(false))
        #expect(sample(false).count == 18 && song.count(of: [100]) == 1)
    }

    @Test(
        arguments: [
            (["widths": [8, 16]], "`widths`: with `cell: attention`, all blocks have the same width."),
            (["heads": 3], "`heads`: 3 heads do not divide the width 8."),
            (["bidirectional": false], "`bidirectional`: `cell: attention` always reads the whole song."),
        ] as [([String: Value], String)])
    func blocksThatCannotBeAreRefused(_ given: [String: Value], _ problem: String) throws {
        let toys = try SequenceToys(harness)
        let found = sentence { _ = try train(toys, given.merging(["cell": "attention"]) { $1 }) }
        #expect(found.hasPrefix(problem), "\(found)")
    }

    /// Results that were stored before there was attention stay valid.
    @Test func theKeyOfARecurrentNetworkHasNoHeads() throws {
        let heads = try #require(SequenceTrainStage.parameters.first { $0.name == "heads" })
        #expect(heads.valueInKey(4) == nil && heads.valueInKey(2) == 2)
    }

    @Test func theSameSeedTheSameBytes() throws {
        let toys = try SequenceToys(harness)
        #expect(try train(toys) == train(toys))
        #expect(try train(toys)["predictions"] != train(toys, seed: 8)["predictions"])
    }

    @Test(arguments: [1, 4]) func aStoppedTrainingEndsWithTheSameBytes(_ steps: Int) throws {
        let toys = try SequenceToys(harness), whole = try train(toys)
        let stopped = StoppingServices(after: steps)
        #expect(throws: StageCancelled.self) { try train(toys, services: stopped) }
        let checkpoint = try #require(stopped.behind.loadCheckpoint(name: StoppingServices.checkpoint))
        #expect(try train(toys, services: StoppingServices(after: .max, checkpoints: checkpoint)) == whole)
    }

    @Test func songsWithoutRatingsArePredictedOnly() throws {
        let toys = try SequenceToys(harness) { $0 % 4 != 0 }, outputs = try train(toys)
        #expect(outputs["predictions"]?.entries.count == 20 && harness.services.warnings.isEmpty)
        let seen = try toys.songs(in: "train").filter { toys.ratings.entry($0) != nil }
        #expect(outputs["model"]?.lineage == Lineage(seen.map(StageHarness.song)))
        #expect(harness.services.metrics["songs.fitted"] == Double(seen.count))
    }

    @Test func ridgeFindsALinearLawAndKeepsItsLineage() throws {
        let toys = try SequenceToys(harness)
        let given: [String: Value] = ["alphas": [0.1, 1, 10], "folds": 3, "smoothing": 0]
        let outputs = try harness.run(SequenceRidgeStage.self, with: given, inputs: toys.inputs)
        let predictions = try #require(outputs["predictions"])
        #expect(try error(toys, predictions) < 0.002)
        #expect(predictions.fittedSets == [Lineage(try toys.songs(in: "train").map(StageHarness.song))])
        #expect(try harness.run(SequenceRidgeStage.self, with: given, inputs: toys.inputs) == outputs)
    }

    @Test func smoothingIsACenteredMean() {
        let values = Matrix(rows: 5, columns: 1, values: [0, 3, 6, 0, 9])
        #expect(SequenceRidgeStage.smoothed(values, reach: 1).values == [1.5, 3, 3, 5, 4.5])
        #expect(SequenceRidgeStage.smoothed(values, reach: 0) == values)
    }

    /// The guard of `evaluate`, for sequences: true where songs were held out, and closed where not.
    @Test func scoresAreRefusedOnSongsThatWereSeen() throws {
        let toys = try SequenceToys(harness), trained = try train(toys)["predictions"]!
        let inputs = ["predictions": trained, "ratings": toys.ratings, "split": toys.split]
        let scores = try harness.run(EvaluateSequenceStage.self, with: ["bootstrap": 50], inputs: inputs)
        let test = try toys.songs(in: "test")
        #expect(scores["curves"]?.entries.map(\.id) == test)
        let all = try train(toys, ["fit_on": ["train", "validation"]])["predictions"]!
        #expect(throws: LeakageError.self) {
            try harness.run(
                EvaluateSequenceStage.self, with: ["sets": ["validation"]],
                inputs: inputs.merging(["predictions": all]) { $1 })
        }
    }

    @Test func whatDoesNotFitIsSaid() throws {
        var toys = try SequenceToys(harness)
        #expect(
            sentence { _ = try train(toys, ["parts": ["penultimat"]]) }
                == "The embeddings have no part `penultimat`; they have penultimate, tags. Did you mean `penultimate`?")
        #expect(
            sentence { _ = try train(toys, ["keep": "best", "fit_on": ["train", "validation"]]) }.hasPrefix(
                "`keep`: the validation songs decide which weights are kept"))
        #expect(sentence { _ = try train(toys, ["widths": []]) } == "`widths`: give at least one layer.")
        toys.ratings.entries = []
        #expect(
            sentence { _ = try train(toys) }
                == "The split leaves no song with embeddings and ratings over time to train on.")
        toys.embeddings.attributes["patch_seconds"] = nil
        #expect(sentence { _ = try train(toys) }.contains("the attribute `patch_seconds` is missing"))
    }

    @Test func momentsLieOnOneGrid() throws {
        func series(_ times: [Double]) -> TimeSeries {
            TimeSeries(times: times, values: Matrix(rows: times.count, columns: 1))
        }
        let grid = try TimeGrid([series([15, 15.5, 17]), series([14, 16])])
        #expect(grid.times == [14, 14.5, 15, 15.5, 16, 16.5, 17])
        let spread = grid.spread(series([14.5, 17, 40]), [1, 2, 3])
        #expect(spread[1] == 1 && spread[6] == 2 && spread.count { !$0.isNaN } == 2)
        #expect(sentence { _ = try TimeGrid([series([15, 15.5, 15.7])]) }.contains("must lie on one grid"))
        #expect(sentence { _ = try TimeGrid([series([15])]) }.contains("rated at two times"))
    }
}
