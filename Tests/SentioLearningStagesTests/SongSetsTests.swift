import SentioKit
import SentioLearn
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioLearningStages

/// Scores within sets, and the baseline that knows only the set.
@Suite struct SongSetsTests {
    let harness = StageHarness()

    private func study(_ source: (Int) -> String) throws -> ToyStudy {
        var study = try ToyStudy(harness)
        let table = try harness.table(study.labels)
        let rows = table.rows.enumerated().map { index, row in row + [source(index)] }
        study.labels.entries = [
            Manifest.Entry(
                id: "table", file: "labels.csv",
                blob: harness.write(Table(columns: table.columns + ["source"], rows: rows)))
        ]
        return study
    }

    private func halves(_ index: Int) -> String { index < 20 ? "deam" : "emotify" }

    private func evaluate(_ study: ToyStudy, _ given: [String: Value] = [:]) throws -> [String: Manifest] {
        let predictions = try harness.run(RidgeStage.self, with: ["alpha": 1], inputs: study.inputs)["predictions"]
        return try harness.run(
            EvaluateStage.self, with: given.merging(["bootstrap": 200]) { given, _ in given },
            inputs: [
                "predictions": try #require(predictions), "labels": study.labels, "split": study.split,
            ])
    }

    /// Valence of songs in a table.
    private func values(_ table: Table, _ songs: [String]) throws -> [Double] {
        try songs.map { try #require(table.cell($0, "valence").flatMap { Double($0) }) }
    }

    @Test func scoresWithinSetsAreThoseOfTheirSongs() throws {
        let study = try study(halves)
        let outputs = try evaluate(study)
        let metrics = harness.services.metrics
        let labels = try harness.table(study.labels)
        let scored = try harness.table(try #require(outputs["songs"]))
        let test = try study.songs(in: "test")
        var errors = 0.0, spreads = 0.0
        for set in ["deam", "emotify"] {
            let own = test.filter { labels.cell($0, "source") == set }
            let truth = try values(labels, own)
            let predicted = try own.map {
                try #require(scored.cell($0, "valence_predicted").flatMap { Double($0) })
            }
            let score = try RegressionScore(truth: truth, prediction: predicted)
            let name = "test.valence.within.\(set)"
            #expect(abs(try #require(metrics["\(name).r2"]) - score.r2) < 1e-12)
            #expect(abs(try #require(metrics["\(name).ccc"]) - score.ccc) < 1e-12)
            #expect(try #require(metrics["\(name).r2.low"]) <= score.r2)
            let mean = truth.reduce(0, +) / Double(truth.count)
            for (t, p) in zip(truth, predicted) {
                errors += (t - p) * (t - p)
                spreads += (t - mean) * (t - mean)
            }
        }
        #expect(abs(try #require(metrics["test.valence.r2_within"]) - (1 - errors / spreads)) < 1e-12)
        let json = try JSON.parse(try harness.text(try #require(outputs["scores"]), "scores.json"))
        #expect(json["within"]?["column"] == "source" && json["within"]?["rows"]?.list?.count == 4)
        #expect(harness.services.warnings.contains { $0.hasPrefix("Scores within `source` are based on few songs") })
    }

    @Test func theSecondBaselineKnowsOnlyTheSet() throws {
        let study = try study(halves)
        _ = try evaluate(study)
        let labels = try harness.table(study.labels)
        var squares = 0.0
        for set in ["deam", "emotify"] {
            func own(_ part: String) throws -> [Double] {
                try values(labels, try study.songs(in: part).filter { labels.cell($0, "source") == set })
            }
            let training = try own("train"), mean = training.reduce(0, +) / Double(training.count)
            squares += try own("test").reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        }
        let found = try #require(harness.services.metrics["test.baseline.within.valence.mse"])
        #expect(abs(found - squares / 10) < 1e-12)
    }

    @Test func withoutSetsThereIsNothingMore() throws {
        func names(_ source: @escaping (Int) -> String, _ given: [String: Value] = [:]) throws -> Set<String> {
            let own = SongSetsTests()
            _ = try own.evaluate(try own.study(source), given)
            return Set(own.harness.services.metrics.keys)
        }
        #expect(try names { _ in "deam" } == names(halves, ["within": "none"]))
        #expect(try names { _ in "deam" }.allSatisfy { !$0.contains("within") })
        #expect(try names(halves, ["within": "artist"]).contains { $0.hasPrefix("test.valence.within.artist ") })
        let study = try study(halves)
        #expect(
            sentence { _ = try evaluate(study, ["within": "sorce"]) }.hasPrefix(
                "The labels have no column `sorce` for `within`; they have song_id, valence"))
    }

    /// A fold without songs of a set to train on says what all training songs say.
    @Test func aSetWithoutTrainingSongsHasTheirMean() throws {
        let study = try study(halves)
        let labels = try harness.table(study.labels)
        let test = Set(try study.songs(in: "test"))
        let strange = try self.study { test.contains(study.ids[$0]) ? "new" : "deam" }
        _ = try evaluate(strange)
        let training = try values(labels, try study.songs(in: "train"))
        let mean = training.reduce(0, +) / Double(training.count)
        let mse = try values(labels, test.sorted()).reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 10
        let found = try #require(harness.services.metrics["test.baseline.within.valence.mse"])
        #expect(abs(found - mse) < 1e-12)
    }
}
