import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioLearningStages

@Suite struct GBDTClassifierStageTests {
    let harness = StageHarness()

    private func model(_ outputs: [String: Manifest]) throws -> GBDTClassModel {
        let text = try harness.text(try #require(outputs["model"]), "model.json")
        return GBDTClassModel(margins: try XGBoostModelFile(Array(text.utf8), isOfClasses: true).model)
    }

    @Test func theModelHasSeenExactlyTheTrainingSongs() throws {
        let toys = try ClassStudy(harness), outputs = try toys.train()
        let training = Lineage(try toys.study.songs(in: "train").map(StageHarness.song))
        #expect(outputs["model"]?.lineage == training && outputs["importance"]?.lineage == training)
        #expect(outputs["predictions"]?.fittedSets == [training])
        #expect(outputs["predictions"]?.type == "class-predictions")
    }

    @Test func predictionsAreProbabilitiesOfTheStoredModel() throws {
        let toys = try ClassStudy(harness), outputs = try toys.train(), model = try model(outputs)
        let predictions = try #require(outputs["predictions"]), table = try harness.table(predictions)
        #expect(table.columns == ["song_id", "folk", "jazz", "rock"] && model.classes == ["folk", "jazz", "rock"])
        #expect(predictions.attributes == ["column": "genre", "classes": ["folk", "jazz", "rock"]])
        #expect(table.rows.map { $0[0] } == toys.study.ids)
        let features = Matrix(
            try toys.study.features.entries.map { try NpyFile.read(try harness.store.read($0.blob)).doubles })
        let expected = try model.probabilities(features)
        for (row, cells) in table.rows.enumerated() {
            #expect(
                cells.dropFirst().compactMap { Double($0) }.map { Float($0) } == expected.row(row).map { Float($0) })
        }
        #expect(try #require(harness.services.metrics["train.genre.accuracy"]) > 0.95)
    }

    @Test func aGenreThatFeaturesTellIsPredicted() throws {
        let toys = try ClassStudy(harness)
        _ = try toys.evaluate(try toys.train()["predictions"]!)
        let metrics = harness.services.metrics
        #expect(try #require(metrics["test.genre.accuracy"]) > metrics["test.baseline.genre.accuracy"]! + 0.2)
        #expect(try #require(metrics["test.genre.log_loss"]) < metrics["test.baseline.genre.log_loss"]!)
    }

    /// Songs without a class are predicted, but not fitted.
    @Test func songsWithoutAClassAreLeftOut() throws {
        let toys = try ClassStudy(harness) { $0 % 5 == 0 ? "" : ClassStudy.genre($0) }
        let outputs = try toys.train(), training = try toys.study.songs(in: "train")
        let without = training.filter { id in toys.study.ids.firstIndex(of: id)! % 5 == 0 }
        #expect(harness.services.metrics["songs.fitted"] == Double(training.count - without.count))
        #expect(harness.services.warnings.contains { $0.hasPrefix("Left out \(without.count) songs without a genre") })
        #expect(try harness.table(outputs["predictions"]!).rows.count == 60)
    }

    @Test func earlyStoppingSongsCountAsSeen() throws {
        let toys = try ClassStudy(harness)
        let outputs = try toys.train(["rounds": 400, "early_stopping_rounds": 3])
        let seen = try toys.study.songs(in: "train") + toys.study.songs(in: "validation")
        #expect(outputs["model"]?.lineage == Lineage(seen.map(StageHarness.song)))
        let rounds = try #require(harness.services.metrics["rounds"])
        let losses = try #require(harness.services.series["validation.genre.loss"])
        #expect(rounds < 400)
        #expect(losses.min { ($0.value, $0.key) < ($1.value, $1.key) }?.key == Int(rounds))
    }

    /// The Brier score chooses; the fit is that of the chosen settings.
    @Test func listsAreChosenFrom() throws {
        let toys = try ClassStudy(harness)
        let chosen = try toys.train(["rounds": [1, 15], "max_depth": [1, 2], "folds": 3])
        let depth = try #require(harness.services.metrics["chosen.max_depth"])
        let rounds = try #require(harness.services.metrics["chosen.rounds"])
        #expect(rounds == 15)
        #expect(harness.services.lines.contains { $0.contains("Brier score") })
        let again = try toys.train(["rounds": [.int(Int(rounds))], "max_depth": [.int(Int(depth))]])
        #expect(chosen["model"] == again["model"])
    }

    @Test func columnsThatHoldNoClassesAreRefused() throws {
        let toys = try ClassStudy(harness)
        #expect(
            sentence { _ = try toys.train(["classes": "valence"]) }
                == "`classes: valence` names a column of ratings, which are numbers to `ridge`, `svr` or `gbdt`. Columns "
                + "that can hold classes: artist, genre.")
        #expect(sentence { _ = try toys.train(["classes": "gendre"]) }.contains("Did you mean `genre`?"))
        let one = try ClassStudy(harness) { _ in "rock" }
        #expect(
            sentence { _ = try one.train() }
                == "All songs in training have the genre rock; a classifier needs at least 2 classes.")
        let none = try ClassStudy(harness) { _ in "" }
        #expect(sentence { _ = try none.train() }.contains("is empty for all"))
    }
}
