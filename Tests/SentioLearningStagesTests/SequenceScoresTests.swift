import SentioKit
import SentioNumerics
import SentioSongStages
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioLearningStages

/// `evaluate-sequence`, `out-of-fold-sequence`, and the group that makes the second.
@Suite struct SequenceScoresTests {
    let harness = StageHarness()
    static let dimensions = ["valence", "arousal"]
    static let times = (0..<8).map { 15 + 0.5 * Double($0) }

    /// Ratings of song i: a level of its own, and a course that all share.
    private func truth(_ index: Int) -> Matrix {
        let valence = -0.4 + 0.1 * Double(index % 9), arousal = 0.3 - 0.07 * Double(index % 7)
        var values: [Double] = []
        for step in 0..<8 { values += [valence + 0.01 * Double(step), arousal] }
        return Matrix(rows: 8, columns: 2, values: values)
    }

    private func collection(_ type: ArtifactType, _ ids: [String], fitted: Lineage? = nil, _ values: (Int) -> Matrix)
        -> Manifest
    {
        Manifest(
            type: type,
            attributes: SequenceCollection.attributes(dimensions: Self.dimensions, scale: -1...1),
            entries: ids.enumerated().map { index, id in
                let series = TimeSeries(times: Self.times, values: values(index))
                return Manifest.Entry(
                    id: id, file: id + ".npy", blob: harness.store.write(SequenceFile.bytes(series)),
                    sources: [StageHarness.song(id)], fitted: fitted == nil ? nil : 0)
            }, fittedSets: fitted.map { [$0] } ?? [])
    }

    private func plus(_ shift: Double, _ matrix: Matrix) -> Matrix {
        Matrix(rows: matrix.rows, columns: matrix.columns, values: matrix.values.map { $0 + shift })
    }

    private func near(_ name: String, _ value: Double, _ tolerance: Double = 1e-12) {
        let found = harness.services.metrics[name] ?? .nan
        #expect(abs(found - value) < tolerance, "\(name): \(found)")
    }

    @Test func aConstantErrorHasTheScoresThatArithmeticGives() throws {
        let study = try ToyStudy(harness), training = try study.songs(in: "train"), test = try study.songs(in: "test")
        let ratings = collection(.ratingSequences, study.ids) { truth($0) }
        let seen = Lineage(training.map(StageHarness.song))
        let predictions = collection(.predictedSequences, study.ids, fitted: seen) { plus(0.05, truth($0)) }
        let outputs = try harness.run(
            EvaluateSequenceStage.self, with: ["bootstrap": 200],
            inputs: ["predictions": predictions, "ratings": ratings, "split": study.split])
        near("test.songs", Double(test.count))
        near("test.steps", Double(8 * test.count))
        near("test.valence.rmse", 0.05)
        near("test.song.valence.rmse", 0.05)
        near("test.song.valence.pearson", 1, 1e-9)
        // Arousal does not change within a song.
        near("test.song.arousal.pearson", 0)
        near("test.valence.rmse.low", 0.05)
        near("test.valence.rmse.high", 0.05)
        // The mean over training songs of each song's mean.
        let position = Dictionary(uniqueKeysWithValues: study.ids.enumerated().map { ($1, $0) })
        let mean =
            training.reduce(0.0) { $0 + TimeSeries(times: Self.times, values: truth(position[$1]!)).means[0] }
            / Double(training.count)
        let errors: [Double] = test.flatMap { song in
            truth(position[song]!).column(0).map { (rating: Double) in (rating - mean) * (rating - mean) }
        }
        let rmse = (errors.reduce(0, +) / Double(errors.count)).squareRoot()
        near("test.baseline.valence.rmse", rmse)
        near("test.minus_baseline.valence.rmse", 0.05 - rmse)
        // A song's own mean misses only the course within it, 0.01 a step over 8 steps.
        near("test.oracle.valence.rmse", 0.01 * (63.0 / 12).squareRoot())
        near("test.oracle.arousal.rmse", 0)
        #expect(harness.services.metrics["test.static.valence.rmse"] == nil)

        let scores = try JSON.parse(Array(try harness.text(outputs["scores"]!, "scores.json").utf8))
        #expect(scores["rows"]?.list?.count == 6 && scores["differences"]?.list?.count == 3)
        #expect(scores["songs"]?.list?.count == test.count && scores["baselines"]?.list?.count == 3)
        let curves = try #require(outputs["curves"])
        #expect(curves.type == "scored-sequences" && curves.entries.map(\.id) == test)
        let first = try NpyFile.read(try harness.store.read(curves.entries[0].blob))
        #expect(first.shape == [8, 5] && first.doubles[0] == 15)
        #expect(abs(first.doubles[2] - first.doubles[1] - 0.05) < 1e-12)
        // `comparison` reads it like scores of whole songs.
        try harness.run(ComparisonStage.self, inputs: ["gru": outputs["scores"]!])
        near("gru.valence.rmse", 0.05)
        near("baseline.valence.rmse", rmse)
    }

    @Test func aModelOfWholeSongsStandsBeside() throws {
        let study = try ToyStudy(harness), seen = Lineage(try study.songs(in: "train").map(StageHarness.song))
        let ratings = collection(.ratingSequences, study.ids) { truth($0) }
        let predictions = collection(.predictedSequences, study.ids, fitted: seen) { truth($0) }
        // 5 on a scale from 1 to 9 is 0 on one from -1 to 1.
        let rows = study.ids.map { [$0, "5", "7"] }
        let table = Table(columns: ["song_id", "valence", "arousal"], rows: rows)
        let fixed = Manifest(
            type: .predictions,
            entries: [Manifest.Entry(id: "table", file: "predictions.csv", blob: harness.write(table))],
            rows: study.ids.map { Manifest.Row(id: $0, sources: [StageHarness.song($0)], fitted: 0) },
            fittedSets: [seen])
        let inputs = ["predictions": predictions, "ratings": ratings, "split": study.split, "static": fixed]
        try harness.run(EvaluateSequenceStage.self, with: ["bootstrap": 100], inputs: inputs)
        let position = Dictionary(uniqueKeysWithValues: study.ids.enumerated().map { ($1, $0) })
        let test = try study.songs(in: "test")
        func rmse(_ column: Int, _ value: Double) -> Double {
            let errors: [Double] = test.flatMap { song in
                truth(position[song]!).column(column).map { (rating: Double) in (rating - value) * (rating - value) }
            }
            return (errors.reduce(0, +) / Double(errors.count)).squareRoot()
        }
        near("test.static.valence.rmse", rmse(0, 0))
        near("test.static.arousal.rmse", rmse(1, 0.5))
        near("test.minus_static.valence.rmse", -rmse(0, 0))
        #expect(try #require(harness.services.metrics["test.minus_static.valence.rmse.high"]) < 0)
        var leaky = fixed
        leaky.fittedSets = [Lineage(study.ids.map(StageHarness.song))]
        #expect(throws: LeakageError.self) {
            try harness.run(EvaluateSequenceStage.self, inputs: inputs.merging(["static": leaky]) { $1 })
        }
    }

    @Test func songsThatWereSeenAreRefused() throws {
        let study = try ToyStudy(harness), test = try study.songs(in: "test")
        let ratings = collection(.ratingSequences, study.ids) { truth($0) }
        let predictions = collection(
            .predictedSequences, study.ids, fitted: Lineage([StageHarness.song(test[2])])
        ) { truth($0) }
        let inputs = ["predictions": predictions, "ratings": ratings, "split": study.split]
        let failure = #expect(throws: LeakageError.self) {
            try harness.run(EvaluateSequenceStage.self, inputs: inputs)
        }
        #expect(failure?.songs == [test[2]])
        // In-sample scores are named so.
        try harness.run(EvaluateSequenceStage.self, with: ["sets": ["train"], "bootstrap": 0], inputs: inputs)
        near("train_in_sample.valence.rmse", 0)
    }

    @Test func songsWithoutRatingsAreCountedAndThoseWithoutPredictionNamed() throws {
        let study = try ToyStudy(harness), test = try study.songs(in: "test")
        let ratings = collection(.ratingSequences, study.ids.filter { $0 != test[0] }) { truth($0) }
        let predictions = collection(.predictedSequences, study.ids.filter { $0 != test[1] }) { truth($0) }
        try harness.run(
            EvaluateSequenceStage.self, with: ["bootstrap": 0],
            inputs: ["predictions": predictions, "ratings": ratings, "split": study.split])
        #expect(harness.services.warnings == ["Skipped 1 song of the set test without a prediction: \(test[1])."])
        near("test.songs", Double(test.count - 2))
    }

    @Test func predictionsOfAnotherScaleAreRefused() throws {
        let study = try ToyStudy(harness)
        let ratings = collection(.ratingSequences, study.ids) { truth($0) }
        var predictions = collection(.predictedSequences, study.ids) { truth($0) }
        predictions.attributes["scale"] = [1, 9]
        let inputs = ["predictions": predictions, "ratings": ratings, "split": study.split]
        #expect(
            sentence { _ = try harness.run(EvaluateSequenceStage.self, inputs: inputs) }.contains(
                "on the scale [1.0, 9.0], but the ratings are of valence and arousal on [-1.0, 1.0]"))
    }

    // MARK: Cross-validation

    /// The inputs of `out-of-fold-sequence` for models that saw all songs but those of their fold.
    private func folded(_ study: ToyStudy, leaking: Bool = false) throws -> [String: Manifest] {
        let folds = try harness.run(
            AssignFoldsStage.self, with: ["folds": 4, "group": "artist"], inputs: ["labels": study.labels])["folds"]!
        var inputs = ["ratings": collection(.ratingSequences, study.ids) { truth($0) }]
        for fold in 0..<4 {
            let split = try harness.run(FoldSplitStage.self, with: ["fold": .int(fold)], inputs: ["folds": folds])[
                "split"]!
            let seen = leaking && fold == 2 ? study.ids : try harness.table(split).songs(in: "train")
            inputs["split@fold=\(fold)"] = split
            inputs["predictions@fold=\(fold)"] = collection(
                .predictedSequences, study.ids, fitted: Lineage(seen.map(StageHarness.song))
            ) { plus(0.01 * Double(fold), truth($0)) }
        }
        return inputs
    }

    @Test func everySongIsPredictedByTheModelThatHeldItOut() throws {
        let study = try ToyStudy(harness), inputs = try folded(study)
        let outputs = try harness.run(OutOfFoldSequenceStage.self, with: ["folds": 4, "bootstrap": 50], inputs: inputs)
        let predictions = try #require(outputs["predictions"])
        #expect(predictions.entries.map(\.id) == study.ids && predictions.fittedSets.count == 4)
        for entry in predictions.entries {
            let seen = predictions.fittedSets[try #require(entry.fitted)]
            #expect(!seen.contains(StageHarness.song(entry.id)) && seen.songs.count == 30)
        }
        near("pooled.songs", 40)
        // Ten songs are off by each of 0, 0.01, 0.02 and 0.03.
        near("pooled.valence.rmse", (0.0014 / 4).squareRoot())
        near("pooled.song.valence.rmse", 0.015)
        // The same songs scored again, beside whatever else predicts them out of fold.
        let again = StageHarness()
        try again.run(
            EvaluateSequenceStage.self, with: ["bootstrap": 0],
            inputs: ["predictions": predictions, "ratings": inputs["ratings"]!], store: harness.store)
        #expect(again.services.metrics["pooled.valence.rmse"] == harness.services.metrics["pooled.valence.rmse"])
        #expect(harness.services.metrics["pooled.baseline.valence.rmse"] != nil)
        let curves = try #require(outputs["curves"])
        #expect(curves.entries.allSatisfy { $0.fitted != nil } && curves.entries.count == 40)
        #expect(throws: LeakageError.self) {
            try harness.run(
                OutOfFoldSequenceStage.self, with: ["folds": 4], inputs: try folded(study, leaking: true))
        }
    }

    @Test func aGroupCollectsBothKindsOfModels() throws {
        let group = try CrossValidateGroup(try Configuration(CrossValidateGroup.parameters, given: ["folds": 3]))
        let gru = GroupMember(
            name: "gru", kind: "sequence-train",
            outputs: [OutputPort("model", .files, "m"), OutputPort("predictions", .predictedSequences, "p")])
        let ridge = GroupMember(name: "ridge", kind: "ridge", outputs: RidgeStage.outputs)
        let made = try group.expand([gru, ridge]).made
        let collected = try #require(made.first { $0.name == "gru" })
        #expect(collected.kind == "out-of-fold-sequence")
        #expect(collected.inputs.first?.port == SequenceScoring.ratings && collected.inputs.count == 1 + 2 * 3)
        #expect(collected.inputs.first?.source == .input(CrossValidateGroup.ratings))
        #expect(made.first { $0.name == "ridge" }?.kind == "out-of-fold")
        let compared = try #require(made.first { $0.name.isEmpty })
        #expect(compared.inputs.map(\.port.name) == ["gru", "ridge"])
        #expect(compared.parameters["order"] == ["gru", "ridge"])
        // Models of whole songs are scored as before.
        let alone = try group.expand([ridge]).made
        #expect(!alone.contains { $0.kind == "out-of-fold-sequence" })
    }
}
