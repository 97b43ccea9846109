import SentioKit
import SentioSongStages
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioLearningStages

@Suite struct EvaluateStageTests {
    let harness = StageHarness()

    /// Predictions that are the truth plus a constant, fitted on the songs of a lineage.
    func predictions(_ study: ToyStudy, plus shift: Double = 0.5, fitted: Lineage) throws -> Manifest {
        let labels = try harness.table(study.labels)
        let rows = study.ids.map { id in
            [id] + ["valence", "arousal"].map { "\(Double(labels.cell(id, $0)!)! + shift)" }
        }
        let csv = Table(columns: ["song_id", "valence", "arousal"], rows: rows).csv
        return Manifest(
            type: .predictions,
            entries: [Manifest.Entry(id: "table", file: "predictions.csv", blob: harness.store.write(Array(csv.utf8)))],
            rows: study.ids.map { Manifest.Row(id: $0, sources: [StageHarness.song($0)], fitted: 0) },
            fittedSets: [fitted])
    }

    func evaluate(_ study: ToyStudy, _ predictions: Manifest, _ given: [String: Value] = [:], seed: UInt64 = 7) throws
        -> [String: Manifest]
    {
        try harness.run(
            EvaluateStage.self, with: given,
            inputs: ["predictions": predictions, "labels": study.labels, "split": study.split], seed: seed)
    }

    func training(_ study: ToyStudy) throws -> Lineage { Lineage(try study.songs(in: "train").map(StageHarness.song)) }

    @Test func aConstantErrorHasTheScoresThatArithmeticGives() throws {
        let study = try ToyStudy(harness)
        let outputs = try evaluate(study, try predictions(study, fitted: try training(study)))
        let metrics = harness.services.metrics
        func near(_ name: String, _ value: Double) { #expect(abs((metrics[name] ?? .nan) - value) < 1e-12, "\(name)") }
        near("test.valence.mse", 0.25)
        near("test.valence.rmse", 0.5)
        near("test.rmse", 0.5)
        near("test.valence.rmse_scaled", 0.125)
        near("test.valence.mse_scaled", 0.25 / 16)
        near("test.arousal.mae_scaled", 0.125)
        near("test.valence.pearson", 1)
        near("test.songs", 10)
        let ccc = try #require(metrics["test.valence.ccc"]), r2 = try #require(metrics["test.valence.r2"])
        // By their definitions: variance v of the truth gives CCC = 2v / (2v + d²) and R² = 1 - d² / v.
        let variance = 0.25 / (1 - r2)
        #expect(abs(ccc - 2 * variance / (2 * variance + 0.25)) < 1e-12)
        #expect(try #require(metrics["test.valence.ccc.low"]) <= ccc && ccc <= metrics["test.valence.ccc.high"]!)
        #expect(metrics["test.ccc.low"] != nil && metrics["test.ccc.high"] != nil)

        let songs = try harness.table(outputs["songs"]!)
        #expect(
            songs.columns == [
                "song_id", "set", "valence_true", "valence_predicted", "arousal_true", "arousal_predicted",
            ])
        #expect(songs.rows.map { $0[0] } == (try study.songs(in: "test")))
    }

    @Test func theMeanPredictorUsesTrainingSongsOnly() throws {
        let study = try ToyStudy(harness)
        _ = try evaluate(study, try predictions(study, fitted: try training(study)))
        let labels = try harness.table(study.labels)
        func ratings(_ set: String) throws -> [Double] {
            try study.songs(in: set).map { Double(labels.cell($0, "valence")!)! }
        }
        let mean = try ratings("train").reduce(0, +) / Double(try ratings("train").count)
        let mse = try ratings("test").reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 10
        #expect(abs(try #require(harness.services.metrics["test.baseline.valence.mse"]) - mse) < 1e-12)
        #expect(harness.services.metrics["test.baseline.ccc"] == 0)
    }

    @Test func aTestSongSeenInTrainingIsLeakage() throws {
        let study = try ToyStudy(harness)
        let leaked = try study.songs(in: "test")[3]
        var seen = try training(study)
        seen.insert([StageHarness.song(leaked)])
        #expect(throws: LeakageError(songs: [leaked], port: "predictions")) {
            try evaluate(study, try predictions(study, fitted: seen))
        }
    }

    @Test func theSameRecordingUnderAnotherIdIsLeakage() throws {
        let study = try ToyStudy(harness)
        let test = try study.songs(in: "test")
        var made = try predictions(study, fitted: try training(study))
        let twin = try study.songs(in: "train")[0]
        for index in made.rows.indices where made.rows[index].id == test[0] {
            made.rows[index].sources = [StageHarness.song(twin)]
        }
        #expect(throws: LeakageError(songs: [test[0]], port: "predictions")) { try evaluate(study, made) }
    }

    @Test func aRealRidgePassesAndIsRefusedUnderAnotherSplit() throws {
        let study = try ToyStudy(harness)
        let made = try harness.run(RidgeStage.self, inputs: study.inputs)["predictions"]!
        _ = try evaluate(study, made)
        #expect(try #require(harness.services.metrics["test.r2"]) > 0.8)
        var other = study
        other.split = try harness.run(
            SplitStage.self, with: ["test": 0.25], inputs: ["labels": study.labels], seed: 1234)["split"]!
        #expect(throws: LeakageError.self) { try evaluate(other, made) }
    }

    @Test func trainingSongsAreScoredInSampleAndNamedSo() throws {
        let study = try ToyStudy(harness)
        let outputs = try evaluate(
            study, try predictions(study, fitted: try training(study)),
            ["sets": ["test", "validation", "train"], "bootstrap": 50])
        let metrics = harness.services.metrics
        #expect(
            metrics["train_in_sample.valence.r2"] != nil && metrics["validation.valence.r2"] != nil
                && metrics["train.valence.r2"] == nil)
        #expect(try harness.table(outputs["songs"]!).rows.count == 40)
        let rows = try #require(try JSON.parse(try harness.text(outputs["scores"]!, "scores.json"))["rows"]?.list)
        #expect(rows.count == 3 * 2 * 3)
        #expect(rows.filter { $0["in_sample"] == true }.allSatisfy { $0["set"] == "train_in_sample" })
    }

    @Test func validationSongsThatWereFittedOnAreLeakage() throws {
        let study = try ToyStudy(harness)
        let made = try harness.run(RidgeStage.self, with: ["fit_on": ["train", "validation"]], inputs: study.inputs)[
            "predictions"]!
        #expect(throws: LeakageError.self) { try evaluate(study, made, ["sets": ["validation"]]) }
    }

    @Test func intervalsFollowTheSeedAndCanBeLeftOut() throws {
        let study = try ToyStudy(harness)
        let made = try predictions(study, fitted: try training(study))
        func scores(_ given: [String: Value], seed: UInt64) throws -> String {
            try harness.text(try evaluate(study, made, given, seed: seed)["scores"]!, "scores.json")
        }
        #expect(try scores(["seed": 3, "bootstrap": 100], seed: 1) == scores(["seed": 3, "bootstrap": 100], seed: 2))
        #expect(try scores(["bootstrap": 100], seed: 1) != scores(["bootstrap": 100], seed: 2))
        #expect(try !scores(["bootstrap": 0], seed: 1).contains("r2_low"))
    }

    @Test func scoredSongsCarryWhatTheModelSaw() throws {
        let study = try ToyStudy(harness)
        let songs = try #require(try evaluate(study, try predictions(study, fitted: try training(study)))["songs"])
        let fitted = songs.fittedSets[try #require(songs.rows[0].fitted)]
        for song in try study.songs(in: "train") { #expect(fitted.contains(StageHarness.song(song))) }
    }

    @Test func aScoreOfFewSongsIsAWarning() throws {
        let study = try ToyStudy(harness, count: 12), count = try study.songs(in: "test").count
        _ = try evaluate(study, try predictions(study, fitted: try training(study)))
        #expect(
            harness.services.warnings == [
                "The score of the set test is based on only \(count) songs; other songs could give a very different one. Enlarge the set in `split`, or score every song with `cross-validate`."
            ])
        let large = try ToyStudy(harness, count: 60)
        _ = try evaluate(large, try predictions(large, fitted: try training(large)))
        #expect(harness.services.warnings.count == 1)
    }

    @Test func songsWithoutPredictionAreNamedAndAnEmptySetIsRefused() throws {
        var study = try ToyStudy(harness)
        let lost = try study.songs(in: "test")[0]
        study.features.entries.removeAll { $0.id == lost }
        let made = try harness.run(RidgeStage.self, inputs: study.inputs)["predictions"]!
        _ = try evaluate(study, made)
        #expect(
            harness.services.warnings.last == "Skipped 1 song of the set test without a prediction or label: \(lost).")
        #expect(harness.services.metrics["test.not_scored"] == 1 && harness.services.metrics["test.songs"] == 9)
        study.split = try harness.run(SplitStage.self, with: ["validation": 0], inputs: ["labels": study.labels])[
            "split"]!
        #expect(
            sentence { _ = try evaluate(study, made, ["sets": "validation"]) }.hasPrefix(
                "The split has no songs in the set `validation`"))
    }
}
