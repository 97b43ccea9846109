import Foundation
import SentioKit
import SentioLearn
import SentioNumerics
@testable import SentioLearningStages
import SentioSongStages
import SentioTesting
import StageTestSupport
import Testing

@Suite struct GBDTStageTests {
    let harness = StageHarness()
    /// Small trees for few songs: quick, and every leaf has some.
    static let small: [String: Value] = ["rounds": 20, "learning_rate": 0.3, "max_depth": 2, "colsample_bytree": 1]

    private func with(_ more: [String: Value]) -> [String: Value] { Self.small.merging(more) { $1 } }

    private func model(_ outputs: [String: Manifest]) throws -> XGBoostModelFile {
        try XGBoostModelFile(Array(try harness.text(try #require(outputs["model"]), "model.json").utf8))
    }

    @Test func theModelHasSeenExactlyTheTrainingSongs() throws {
        let study = try ToyStudy(harness)
        let outputs = try harness.run(GBDTStage.self, with: Self.small, inputs: study.inputs)
        let training = Lineage(try study.songs(in: "train").map(StageHarness.song))
        #expect(outputs["model"]?.lineage == training && outputs["importance"]?.lineage == training)
        let predictions = try #require(outputs["predictions"])
        #expect(predictions.fittedSets == [training] && predictions.lineage.isEmpty)
        #expect(predictions.rows.map(\.id) == study.ids)
        #expect(outputs["shap"] == nil)
    }

    /// A score on songs that said when to stop would be optimistic: they are among what the model has seen.
    @Test func songsOfEarlyStoppingCountAsSeen() throws {
        let study = try ToyStudy(harness)
        let outputs = try harness.run(
            GBDTStage.self, with: with(["rounds": 500, "early_stopping_rounds": 3, "shap": true]), inputs: study.inputs)
        let seen = Lineage((try study.songs(in: "train") + study.songs(in: "validation")).map(StageHarness.song))
        #expect(outputs["model"]?.lineage == seen && outputs["importance"]?.lineage == seen)
        #expect(outputs["predictions"]?.fittedSets == [seen] && outputs["shap"]?.fittedSets == [seen])
        let file = try model(outputs)
        #expect(file.bestRounds == file.model.rounds && file.model.rounds < 500)
        #expect(harness.services.metrics["rounds.valence"] == Double(file.model.ensembles[0].count))
        let losses = try #require(harness.services.series["validation.valence.loss"])
        let best = try #require(losses.min { ($0.value, $0.key) < ($1.value, $1.key) }?.key)
        #expect(best == file.model.ensembles[0].count)
        // They did not train: the losses on training songs go on falling.
        #expect(
            try #require(harness.services.series["train.valence.loss"]?[1])
                > (harness.services.series["train.valence.loss"]?[best] ?? 0))
    }

    @Test func earlyStoppingNeedsValidationSongs() throws {
        var study = try ToyStudy(harness)
        study.split = try harness.run(
            SplitStage.self, with: ["test": 0.25, "validation": 0], inputs: ["labels": study.labels])["split"]!
        let text = sentence {
            try harness.run(GBDTStage.self, with: with(["early_stopping_rounds": 3]), inputs: study.inputs)
        }
        #expect(
            text
                == "`early_stopping_rounds` needs validation songs, and the split has none. Set `validation` in `split`, or "
                + "`early_stopping_rounds: 0`.")
    }

    @Test func fittingOnValidationTooIsInTheLineage() throws {
        let study = try ToyStudy(harness)
        let outputs = try harness.run(
            GBDTStage.self, with: with(["fit_on": ["train", "validation"]]), inputs: study.inputs)
        let seen = try study.songs(in: "train") + study.songs(in: "validation")
        #expect(outputs["model"]?.lineage == Lineage(seen.map(StageHarness.song)))
    }

    @Test func predictionsAreThoseOfTheStoredModel() throws {
        let study = try ToyStudy(harness)
        let outputs = try harness.run(GBDTStage.self, with: Self.small, inputs: study.inputs)
        let file = try model(outputs)
        #expect(
            file.model.features == ["x", "y", "xy"] && file.model.targets == ["valence", "arousal"]
                && file.model.rounds == 20)
        let predicted = try harness.table(outputs["predictions"]!)
        let features = Matrix(
            try study.features.entries.map { try NpyFile.read(try harness.store.read($0.blob)).doubles })
        let expected = try file.model.predict(features)
        for (row, song) in study.ids.enumerated() {
            #expect(
                predicted.cell(song, "valence") == "\(expected[row, 0])"
                    && predicted.cell(song, "arousal") == "\(expected[row, 1])")
        }
        #expect(try #require(harness.services.metrics["train.valence.r2"]) > 0.9)
        #expect(
            harness.services.series["train.valence.loss"]?.count == 20
                && harness.services.series["validation.valence.loss"] == nil)
    }

    @Test func shapValuesAddUpToPredictions() throws {
        let study = try ToyStudy(harness)
        let outputs = try harness.run(GBDTStage.self, with: with(["shap": true]), inputs: study.inputs)
        let (shap, predicted) = (
            try harness.table(try #require(outputs["shap"])), try harness.table(outputs["predictions"]!)
        )
        #expect(
            shap.columns == ["song_id"]
                + ["valence", "arousal"].flatMap { d in ["x", "y", "xy", "mean prediction"].map { "\(d):\($0)" } })
        for row in shap.rows {
            let sum = row[1...4].compactMap(Double.init).reduce(0, +)
            #expect(abs(sum - Double(predicted.cell(row[0], "valence")!)!) < 1e-5)
        }
        #expect(outputs["shap"]?.rows.map(\.sources) == study.ids.map { [StageHarness.song($0)] })
    }

    @Test func importanceIsATable() throws {
        let study = try ToyStudy(harness)
        let outputs = try harness.run(GBDTStage.self, with: Self.small, inputs: study.inputs)
        let table = try CSVReader.read(Array(try harness.text(outputs["importance"]!, "importance.csv").utf8))
        #expect(table.columns == ["feature", "target", "weight", "gain", "total_gain", "cover", "total_cover"])
        #expect(table.rows.map { $0[1] } == ["all", "valence", "arousal"].flatMap { [$0, $0, $0] })
        let gains = table.rows.compactMap { Double($0[4]) }
        #expect(gains[0] >= gains[1] && gains[1] >= gains[2] && gains.count == 9)
        // x makes valence and y arousal in the toy study.
        #expect(table.rows[3][0] == "x" && table.rows[6][0] == "y")
        let first = try #require(Int(table.rows[0][2]))
        #expect(abs(gains[0] - Double(first) * (Double(table.rows[0][3]) ?? 0)) < 1e-6 * gains[0])
    }

    @Test func theBestOfSeveralIsChosenByInnerFolds() throws {
        let study = try ToyStudy(harness)
        let given: [String: Value] = [
            "rounds": [1, 30], "max_depth": [1, 2], "learning_rate": [0.001, 0.3], "folds": 3,
        ]
        let outputs = try harness.run(GBDTStage.self, with: with(given), inputs: study.inputs)
        let metrics = harness.services.metrics
        #expect(
            metrics["chosen.rounds"] == 30 && metrics["chosen.learning_rate"] == 0.3
                && metrics["chosen.max_depth"] != nil)
        #expect(try model(outputs).model.rounds == 30)
        #expect(harness.services.lines.count { $0.contains("over 3 inner folds") } == 8)
        #expect(
            harness.services.warnings.contains {
                $0.hasPrefix("The best `rounds` is the largest value of its grid, 30 (")
                    && $0.hasSuffix("Add larger values to `rounds`.")
            }, "\(harness.services.warnings)")
        // The choice sees training songs only.
        #expect(outputs["model"]?.lineage == Lineage(try study.songs(in: "train").map(StageHarness.song)))
    }

    @Test func drawsFollowTheSeed() throws {
        let study = try ToyStudy(harness)
        func bytes(_ given: [String: Value], seed: UInt64) throws -> String {
            try harness.text(
                try harness.run(GBDTStage.self, with: with(given), inputs: study.inputs, seed: seed)["model"]!,
                "model.json")
        }
        let draws: [String: Value] = ["subsample": 0.6]
        #expect(try bytes(draws, seed: 1) == bytes(draws, seed: 1))
        #expect(try bytes(draws, seed: 1) != bytes(draws, seed: 2))
        #expect(try bytes(["subsample": 0.6, "seed": 3], seed: 1) == bytes(["subsample": 0.6, "seed": 3], seed: 2))
        func isRandom(_ given: [String: Value]) throws -> Bool {
            try GBDTStage(try Configuration(GBDTStage.parameters, given: given)).drawsRandomNumbers
        }
        #expect(try isRandom([:]))
        #expect(try isRandom(["colsample_bytree": 1, "subsample": 0.5]))
        #expect(try !isRandom(["seed": 1]) && !isRandom(["colsample_bytree": 1]))
    }

    /// Missing values, a constant column, a column without any value, more columns than songs.
    @Test func tablesWithGapsAreFitted() throws {
        var study = try ToyStudy(harness)
        let names = ["x", "constant", "missing"] + (0..<60).map { "noise \($0)" }
        var generator = Philox(key: 1, stream: 1)
        for index in study.ids.indices {
            let x = try NpyFile.read(try harness.store.read(study.features.entries[index].blob)).doubles[0]
            let values = [index % 7 == 0 ? .nan : x, 4, .nan] + (0..<60).map { _ in generator.nextNormal() }
            study.features.entries[index].blob = harness.store.write(
                NpyFile.write(NpyArray(values, shape: [values.count])))
        }
        study.features.attributes = ["columns": .list(names.map { .string($0) })]
        let outputs = try harness.run(GBDTStage.self, with: with(["shap": true]), inputs: study.inputs)
        #expect(outputs["predictions"]?.rows.count == 40)
        let importance = try model(outputs).model.importance()
        #expect(importance[0].weight > 0 && importance[1].weight == 0 && importance[2].weight == 0)
    }

    /// Nothing to split on: every prediction is what the loss makes of the ratings alone.
    @Test func equalSongsAndASingleSongAreFitted() throws {
        var study = try ToyStudy(harness)
        let same = NpyFile.write(NpyArray([0.5, 0.5, 0.25], shape: [3]))
        for index in study.ids.indices { study.features.entries[index].blob = harness.store.write(same) }
        let equal = try harness.run(GBDTStage.self, with: with(["shap": true]), inputs: study.inputs)
        let labels = try harness.table(study.labels), training = try study.songs(in: "train")
        let mean =
            training.compactMap { labels.cell($0, "valence").flatMap(Double.init) }.reduce(0, +)
            / Double(training.count)
        for row in try harness.table(equal["predictions"]!).rows { #expect(abs(Double(row[1])! - mean) < 1e-5) }

        let only = training[0]
        var split = try harness.table(study.split)
        for index in split.rows.indices where split.rows[index][0] != only { split.rows[index][1] = "test" }
        study.split.entries[0].blob = harness.store.write(Array(split.csv.utf8))
        let single = try harness.table(
            try harness.run(GBDTStage.self, with: Self.small, inputs: study.inputs)["predictions"]!)
        for row in single.rows { #expect(abs(Double(row[1])! - Double(labels.cell(only, "valence")!)!) < 1e-5) }
    }

    @Test func infiniteValuesNameSongAndColumn() throws {
        var study = try ToyStudy(harness)
        for (song, value) in [
            (try study.songs(in: "train")[0], Double.infinity), (try study.songs(in: "test")[0], 1e300),
        ] {
            let index = study.ids.firstIndex(of: song)!, blob = study.features.entries[index].blob
            study.features.entries[index].blob = harness.store.write(
                NpyFile.write(NpyArray([0.1, value, 1], shape: [3])))
            let text = sentence { try harness.run(GBDTStage.self, with: Self.small, inputs: study.inputs) }
            #expect(text.contains(song) && text.contains("y"), "\(text)")
            study.features.entries[index].blob = blob
        }
    }

    @Test func ratingsMustBeNumbers() throws {
        var study = try ToyStudy(harness)
        let song = try study.songs(in: "train")[0]
        let text = try harness.table(study.labels).csv.replacing(try Regex("\(song),[0-9.]+,"), with: "\(song),nan,")
        study.labels.entries[0].blob = harness.store.write(Array(text.utf8))
        #expect(sentence { try harness.run(GBDTStage.self, with: Self.small, inputs: study.inputs) }.contains(song))
    }

    @Test func monotoneFeaturesAreNamed() throws {
        let study = try ToyStudy(harness)
        let given = with(["monotone_increasing": "x", "monotone_decreasing": ["y"]])
        let model = try model(try harness.run(GBDTStage.self, with: given, inputs: study.inputs)).model
        let line = Matrix((0..<50).map { [Double($0) / 50, Double(50 - $0) / 50, 0.2] })
        let valence = try model.predict(line).column(0)
        #expect(zip(valence, valence.dropFirst()).allSatisfy { $0 <= $1 })
        let text = sentence {
            try harness.run(GBDTStage.self, with: with(["monotone_increasing": "xz"]), inputs: study.inputs)
        }
        #expect(
            text == "`monotone_increasing` names `xz`, which is not a feature. Did you mean `xy`?"
                || text.hasSuffix("Did you mean `x`?"))
    }

    @Test func stopsWhenTheRunStops() throws {
        let study = try ToyStudy(harness)
        harness.services.cancel()
        #expect(throws: StageCancelled.self) { try harness.run(GBDTStage.self, with: Self.small, inputs: study.inputs) }
    }

    @Test(arguments: ["squared", "absolute", "huber", "quantile"], ["depthwise", "leafwise"])
    func everyLossAndGrowthPredictsHeldOutSongs(_ loss: String, _ growth: String) throws {
        let study = try ToyStudy(harness)
        let outputs = try harness.run(
            GBDTStage.self, with: with(["loss": .string(loss), "growth": .string(growth), "max_leaves": 4]),
            inputs: study.inputs)
        let (predicted, labels) = (try harness.table(outputs["predictions"]!), try harness.table(study.labels))
        for song in try study.songs(in: "test") {
            #expect(abs(Double(predicted.cell(song, "valence")!)! - Double(labels.cell(song, "valence")!)!) < 2.5)
        }
        #expect("\(try model(outputs).model.loss)".contains(loss))
    }

    private static let bad: [(given: [String: Value], expected: String)] = [
        (["early_stopping_rounds": 5, "fit_on": ["train", "validation"]], "cannot be in `fit_on` as well"),
        (["early_stopping_rounds": 5, "rounds": [10, 20]], "give one value each"),
        (["rounds": []], "`rounds`: give at least one value."),
        (["max_depth": 0], "requires a limit on `max_leaves`"),
        (["max_depth": [3, 0]], "requires a limit on `max_leaves`"),
        (["max_leaves": 1], "at least 2 leaves"),
        (["fit_on": ["validation"]], "`train` must be among them"),
        (["monotone_increasing": ["x"], "monotone_decreasing": ["x"]], "is also listed in `monotone_increasing`"),
        (["monotone_decreasing": ["x"], "loss": "absolute"], "do not support constraints"),
        (["learning_rate": 0], "from 1e-06 to 1"),
        (["subsample": 1.5], "from 0.01 to 1"),
        (["max_bins": 1], "from 2 to 256"),
        (["quantile_alpha": 1], "0.999"),
        (["loss": "hinge"], "one of squared, absolute, huber, quantile"),
        (["n_estimators": 5], "Unknown parameter `n_estimators`"),
    ]

    @Test func badParametersAreRefused() {
        for (given, expected) in Self.bad {
            let text = sentence { _ = try GBDTStage(try Configuration(GBDTStage.parameters, given: given)) }
            #expect(text.contains(expected), "\(text)")
        }
    }
}
