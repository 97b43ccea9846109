import SentioKit
import SentioSongStages
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioLearningStages

@Suite struct EvaluateClassesStageTests {
    let harness = StageHarness()

    @Test func scoresAreThoseThatArithmeticGives() throws {
        let toys = try ClassStudy(harness)
        let outputs = try toys.evaluate(try toys.predictions(of: 0.5))
        let metrics = harness.services.metrics
        #expect(metrics["test.genre.accuracy"] == 1 && metrics["test.genre.macro_f1"] == 1)
        #expect(metrics["test.genre.accuracy.low"] == 1)
        #expect(abs((metrics["test.genre.log_loss"] ?? .nan) - 0.693_147_180_559_945_3) < 1e-12)
        // The baseline always predicts the largest class of the training songs.
        let genres = Dictionary(grouping: try toys.study.songs(in: "train")) { id in
            ClassStudy.genre(toys.study.ids.firstIndex(of: id)!)
        }.mapValues(\.count)
        let most = try #require(genres.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key)
        let test = try toys.study.songs(in: "test").map { ClassStudy.genre(toys.study.ids.firstIndex(of: $0)!) }
        #expect(
            metrics["test.baseline.genre.accuracy"] == Double(test.count { $0 == most }) / Double(test.count))
        let json = try JSON.parse(Array(try harness.text(outputs["scores"]!, "scores.json").utf8))
        let counts = json["confusion"]?.list?.first?["counts"]?.list?.map { $0.list?.compactMap(\.int) ?? [] } ?? []
        #expect(counts.count == 3 && counts.indices.allSatisfy { row in counts[row][row] == counts[row].reduce(0, +) })
        #expect(counts.joined().reduce(0, +) == test.count)
        let songs = try harness.table(outputs["songs"]!)
        #expect(songs.columns == ["song_id", "set", "genre_true", "genre_predicted", "log_loss"])
        #expect(songs.rows.allSatisfy { $0[2] == $0[3] })
    }

    @Test func aTestSongSeenInTrainingIsLeakage() throws {
        let toys = try ClassStudy(harness)
        var predictions = try toys.predictions(of: 0.5)
        let leaked = try toys.study.songs(in: "test")[2]
        predictions.fittedSets = [Lineage([StageHarness.song(leaked)])]
        #expect(throws: LeakageError(songs: [leaked], port: "predictions")) { _ = try toys.evaluate(predictions) }
    }

    /// A class that no training song has cannot be predicted; its songs are errors, not left out.
    @Test func anUnknownClassIsAnError() throws {
        let toys = try ClassStudy(harness)
        let outputs = try toys.evaluate(try toys.predictions(of: 0.9, classes: ["folk", "jazz"]))
        let test = try toys.study.songs(in: "test").map { ClassStudy.genre(toys.study.ids.firstIndex(of: $0)!) }
        let rock = test.count { $0 == "rock" }
        #expect(rock > 0 && harness.services.metrics["test.songs"] == Double(test.count))
        #expect(
            harness.services.metrics["test.genre.accuracy"] == Double(test.count - rock) / Double(test.count))
        #expect(harness.services.warnings.contains { $0.hasPrefix("No training song has the genre rock") })
        #expect(outputs["songs"]?.attributes["classes"] == ["folk", "jazz", "rock"])
    }

    @Test func twoClassifiersAreComparedOnTheirSongs() throws {
        let toys = try ClassStudy(harness)
        let right = try toys.evaluate(try toys.predictions(of: 0.9))["songs"]!
        let wrong = try toys.evaluate(try toys.predictions(of: 0.1))["songs"]!
        let outputs = try harness.run(
            CompareClassesStage.self, with: ["baseline": "wrong", "bootstrap": 100],
            inputs: ["right": right, "wrong": wrong])
        let count = try toys.study.songs(in: "test").count, metrics = harness.services.metrics
        #expect(metrics["right.accuracy.difference"] == 1 && metrics["right.accuracy.difference.low"] == 1)
        var p = 2.0
        for _ in 0..<count { p /= 2 }
        #expect(abs((metrics["right.mcnemar.p"] ?? .nan) - p) < 1e-12)
        let json = try JSON.parse(Array(try harness.text(outputs["comparison"]!, "comparison.json").utf8))
        #expect(json["rows"]?.list?.count == 1 && json["rows"]?.list?[0]["only_model_right"]?.int == count)
        #expect(
            sentence {
                _ = try harness.run(
                    CompareClassesStage.self, with: ["baseline": "left"], inputs: ["right": right, "wrong": wrong])
            } == "`baseline: left` is not an input; the models are right and wrong.")
        #expect(
            sentence { _ = try harness.run(CompareClassesStage.self, inputs: ["right": right]) }
                .contains("at least two models"))
    }

    @Test func foldsArePooledAndComparedWithRegressions() throws {
        let toys = try ClassStudy(harness), study = toys.study
        let folds = try harness.run(
            AssignFoldsStage.self, with: ["folds": 3], inputs: ["labels": study.labels])["folds"]!
        var inputs = ["labels": study.labels]
        for fold in 0..<3 {
            let split = try harness.run(
                FoldSplitStage.self, with: ["fold": .int(fold)], inputs: ["folds": folds])["split"]!
            inputs["split@fold=\(fold)"] = split
            inputs["predictions@fold=\(fold)"] = try harness.run(
                GBDTClassifierStage.self, with: ClassStudy.small,
                inputs: ["features": study.features, "labels": study.labels, "split": split])["predictions"]!
        }
        let pooled = try harness.run(
            OutOfFoldClassesStage.self, with: ["folds": 3, "bootstrap": 50], inputs: inputs)
        let metrics = harness.services.metrics
        #expect(metrics["pooled.songs"] == 60 && metrics["fold.genre.accuracy.mean"] != nil)
        #expect(try #require(metrics["pooled.genre.accuracy"]) > metrics["pooled.baseline.genre.accuracy"]! + 0.2)
        #expect(try harness.table(pooled["predictions"]!).rows.map { $0[0] } == study.ids)
        let ridge = try harness.run(RidgeStage.self, inputs: study.inputs)["predictions"]!
        let regression = try harness.run(
            EvaluateStage.self, with: ["bootstrap": 50],
            inputs: ["predictions": ridge, "labels": study.labels, "split": study.split])
        let table = try harness.run(
            ComparisonStage.self, inputs: ["trees": pooled["scores"]!, "ridge": regression["scores"]!])["table"]!
        let markdown = try harness.text(table, "comparison.md")
        #expect(markdown.contains("| trees | genre | ") && markdown.contains("| ridge | valence | "))
        #expect(markdown.contains("balanced accuracy") && markdown.contains("| majority class of training songs |"))
        #expect(harness.services.metrics["trees.genre.accuracy"] == metrics["pooled.genre.accuracy"])
        let csv = try harness.text(table, "comparison.csv")
        #expect(csv.contains("macro_f1_low"))
        let alone = try harness.run(ComparisonStage.self, inputs: ["ridge": regression["scores"]!])["table"]!
        #expect(try !harness.text(alone, "comparison.csv").contains("macro_f1"))
    }
}
