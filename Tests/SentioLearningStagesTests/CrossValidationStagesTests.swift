import SentioKit
import SentioNumerics
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioLearningStages

/// The stages behind `cross-validate` and `stack`, one by one on in-memory artifacts.
@Suite struct CrossValidationStagesTests {
    let harness = StageHarness()

    private func folds(_ study: ToyStudy, _ given: [String: Value] = ["folds": 4, "group": "artist"], seed: UInt64 = 7)
        throws -> Manifest
    {
        try harness.run(AssignFoldsStage.self, with: given, inputs: ["labels": study.labels], seed: seed)["folds"]!
    }

    private func split(_ folds: Manifest, _ given: [String: Value], _ more: [String: Manifest] = [:]) throws -> Manifest
    {
        try harness.run(FoldSplitStage.self, with: given, inputs: more.merging(["folds": folds]) { _, new in new })[
            "split"]!
    }

    private func songs(_ split: Manifest, _ set: String) throws -> [String] { try harness.table(split).songs(in: set) }

    @Test func foldsHoldEverySongOnceAndNoGroupTwice() throws {
        let study = try ToyStudy(harness)
        let table = try harness.table(try folds(study, ["folds": 4, "repeats": 3, "group": "artist"]))
        #expect(table.columns == ["song_id", "group", "fold_0", "fold_1", "fold_2"])
        #expect(table.rows.map { $0[0] } == study.ids)
        for column in 2..<5 {
            let folds = Dictionary(grouping: table.rows, by: { $0[column] })
            #expect(folds.keys.sorted() == ["0", "1", "2", "3"] && folds.values.allSatisfy { $0.count == 10 })
            for (_, rows) in Dictionary(grouping: table.rows, by: { $0[1] }) {
                #expect(Set(rows.map { $0[column] }).count == 1)
            }
        }
        #expect(table.rows.map { $0[2] } != table.rows.map { $0[3] })
        #expect(try folds(study) == folds(study))
        #expect(try folds(study, seed: 8) != folds(study))
        #expect(try !folds(study).carriesSongData)
    }

    @Test func aFoldsSplitTestsOnItsSongs() throws {
        let study = try ToyStudy(harness), assigned = try folds(study)
        let all = try (0..<4).map { try split(assigned, ["fold": .int($0)]) }
        #expect(try all.flatMap { try songs($0, "test") }.sorted() == study.ids)
        for split in all { #expect(try songs(split, "train").count == 30 && songs(split, "validation").isEmpty) }
        let with = try (0..<4).map {
            try split(assigned, ["fold": .int($0), "validation": 0.2, "stratify": "grid5"], ["labels": study.labels])
        }
        for (number, split) in with.enumerated() {
            #expect(try songs(split, "test") == songs(all[number], "test"))
            #expect(try songs(split, "validation").count == 8 && songs(split, "train").count == 22)
            let table = try harness.table(split)
            for (_, rows) in Dictionary(grouping: table.rows, by: { $0[3] }) {
                #expect(Set(rows.map { $0[1] }).count == 1)
            }
        }
        #expect(sentence { _ = try split(assigned, ["fold": 9]) }.hasPrefix("There is no fold 9"))
        #expect(
            sentence { _ = try split(assigned, ["fold": 0, "validation": 0.2, "stratify": "grid5"]) }.contains(
                "needs `labels`"))
    }

    @Test func aStacksFoldsAreOfTrainingSongsOnly() throws {
        let study = try ToyStudy(harness)
        func assigned(_ fitOn: Value) throws -> Manifest {
            try harness.run(
                AssignFoldsStage.self, with: ["folds": 3, "fit_on": fitOn],
                inputs: ["labels": study.labels, "split": study.split])["folds"]!
        }
        let inner = try assigned(["train"])
        #expect(try harness.table(inner).rows.map { $0[0] } == study.songs(in: "train"))
        let first = try split(inner, ["fold": 0], ["split": study.split])
        #expect(try songs(first, "validation") == study.songs(in: "validation"))
        #expect(try songs(first, "train").count + songs(first, "test").count == study.songs(in: "train").count)
        let test = try study.songs(in: "test")
        #expect(try harness.table(first).rows.allSatisfy { !test.contains($0[0]) })
        let both = try assigned(["train", "validation"])
        let whole = try split(both, ["fold": .null], ["split": study.split])
        #expect(try songs(whole, "train") == (study.songs(in: "train") + study.songs(in: "validation")).sorted())
        #expect(try songs(whole, "test") == study.songs(in: "test"))
        #expect(try songs(try split(both, ["fold": 1], ["split": study.split]), "validation").isEmpty)
    }

    @Test func moreFoldsThanGroupsIsASentence() throws {
        let study = try ToyStudy(harness, count: 8)
        #expect(
            sentence { _ = try folds(study, ["folds": 5, "group": "artist"]) }.contains(
                "8 songs in only 4 groups cannot fill 5 folds"))
        #expect(
            sentence { _ = try folds(study, ["folds": 5, "group": "artist"]) }.contains(
                "Lower `folds`, or train on more songs. At most: `--set assign-folds.folds=4`. Models with inner"))
        #expect(sentence { _ = try folds(study, ["folds": 2, "group": "artits"]) }.contains("Did you mean `artist`?"))
    }

    @Test func aColumnThatGroupsNothingIsAnError() throws {
        let empty = try ToyLabels(harness) { _ in "" }
        #expect(
            sentence {
                _ = try harness.run(
                    AssignFoldsStage.self, with: ["group": "artist"], inputs: ["labels": empty.labels])
            }.contains("keeps no songs together"))
        #expect(harness.services.warnings.isEmpty)
    }

    /// Ridge of every fold, and what the collector makes of it.
    private func collected(
        _ study: ToyStudy, folds count: Int = 4, repeats: Int = 1, leak: Bool = false, group: Value = "artist"
    ) throws -> [String: Manifest] {
        let assigned = try folds(study, ["folds": .int(count), "repeats": .int(repeats), "group": group])
        var inputs = ["labels": study.labels]
        for number in 0..<repeats {
            for fold in 0..<count {
                let label = repeats > 1 ? "repeat=\(number),fold=\(fold)" : "fold=\(fold)"
                let own = try split(assigned, ["fold": .int(fold), "repeat": .int(number)])
                inputs["split@\(label)"] = own
                var training = study.inputs
                training["split"] = leak && fold == 1 ? study.split : own
                inputs["predictions@\(label)"] = try harness.run(RidgeStage.self, with: ["alpha": 1], inputs: training)[
                    "predictions"]!
            }
        }
        return try harness.run(
            OutOfFoldStage.self, with: ["folds": .int(count), "repeats": .int(repeats), "bootstrap": 200],
            inputs: inputs)
    }

    @Test func pooledScoresAreThoseOfThePooledPredictions() throws {
        let study = try ToyStudy(harness)
        let outputs = try collected(study)
        let predictions = try harness.table(outputs["predictions"]!), labels = try harness.table(study.labels)
        #expect(predictions.rows.map { $0[0] } == study.ids)
        let truth = study.ids.map { Double(labels.cell($0, "valence")!)! }
        let predicted = study.ids.map { Double(predictions.cell($0, "valence")!)! }
        let mean = truth.reduce(0, +) / 40
        let r2 =
            1 - zip(truth, predicted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            / truth.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let metrics = harness.services.metrics
        #expect(abs(try #require(metrics["pooled.valence.r2"]) - r2) < 1e-12)
        #expect(try #require(metrics["pooled.valence.r2.low"]) < r2 && r2 < metrics["pooled.valence.r2.high"]!)
        #expect(metrics["pooled.songs"] == 40)

        let json = try JSON.parse(try harness.text(outputs["scores"]!, "scores.json"))
        let folds = try #require(json["folds"]?.list).filter {
            $0["predictor"] == "model" && $0["dimension"] == "valence"
        }
        let values = folds.compactMap { $0["r2"]?.double }
        #expect(values.count == 4)
        let average = values.reduce(0, +) / 4
        let deviation = (values.reduce(0) { $0 + ($1 - average) * ($1 - average) } / 3).squareRoot()
        #expect(abs(try #require(metrics["fold.valence.r2.mean"]) - average) < 1e-12)
        #expect(abs(try #require(metrics["fold.valence.r2.sd"]) - deviation) < 1e-12)
        let row = try #require(json["rows"]?.list?.first { $0["dimension"] == "valence" && $0["predictor"] == "model" })
        #expect(row["set"] == "pooled" && row["folds"] == 4 && row["r2_sd"]?.double == metrics["fold.valence.r2.sd"])
    }

    @Test func songsOfSeveralSetsAreScoredWithinEach() throws {
        var study = try ToyStudy(harness)
        let table = try harness.table(study.labels)
        let rows = table.rows.enumerated().map { index, row in row + [index < 16 ? "deam" : "emotify"] }
        study.labels.entries = [
            Manifest.Entry(
                id: "table", file: "labels.csv",
                blob: harness.write(Table(columns: table.columns + ["source"], rows: rows)))
        ]
        let outputs = try collected(study)
        let predictions = try harness.table(outputs["predictions"]!), labels = try harness.table(study.labels)
        let assigned = try harness.table(try folds(study))
        func rating(_ song: String) -> Double { Double(labels.cell(song, "valence")!)! }
        func mean(_ songs: [String]) -> Double { songs.map(rating).reduce(0, +) / Double(songs.count) }
        var squares = 0.0
        for set in ["deam", "emotify"] {
            let songs = study.ids.filter { labels.cell($0, "source") == set }, center = mean(songs)
            let errors = songs.map { rating($0) - Double(predictions.cell($0, "valence")!)! }
            let r2 =
                1 - errors.reduce(0) { $0 + $1 * $1 }
                / songs.reduce(0) { $0 + (rating($1) - center) * (rating($1) - center) }
            #expect(abs(try #require(harness.services.metrics["pooled.valence.within.\(set).r2"]) - r2) < 1e-12)
            for fold in 0..<4 {
                let test = assigned.rows.filter { $0[2] == "\(fold)" }.map { $0[0] }
                let known = mean(songs.filter { !test.contains($0) })
                squares += songs.filter { test.contains($0) }.reduce(0) {
                    $0 + (rating($1) - known) * (rating($1) - known)
                }
            }
        }
        let found = try #require(harness.services.metrics["pooled.baseline.within.valence.mse"])
        #expect(abs(found - squares / 40) < 1e-12)
    }

    @Test func theMeanPredictorIsEachFoldsOwn() throws {
        let study = try ToyStudy(harness)
        let assigned = try harness.table(try folds(study)), labels = try harness.table(study.labels)
        _ = try collected(study)
        func rating(_ song: String) -> Double { Double(labels.cell(song, "arousal")!)! }
        var squares = 0.0
        for fold in 0..<4 {
            let test = assigned.rows.filter { $0[2] == "\(fold)" }.map { $0[0] },
                training = study.ids.filter { !test.contains($0) }
            let mean = training.map(rating).reduce(0, +) / Double(training.count)
            squares += test.reduce(0) { $0 + (rating($1) - mean) * (rating($1) - mean) }
        }
        #expect(abs(try #require(harness.services.metrics["pooled.baseline.arousal.mse"]) - squares / 40) < 1e-12)
    }

    @Test func eachRowHasSeenWhatItsOwnModelSaw() throws {
        let study = try ToyStudy(harness)
        let pooled = try collected(study)["predictions"]!, assigned = try harness.table(try folds(study))
        #expect(pooled.fittedSets.count == 4)
        for row in pooled.rows {
            let fold = try #require(assigned.cell(row.id, "fold_0"))
            let training = assigned.rows.filter { $0[2] != fold }.map { StageHarness.song($0[0]) }
            #expect(pooled.fittedSets[try #require(row.fitted)] == Lineage(training))
        }
        // They can be scored again: no row was made by a model that saw its song.
        var all = study
        all.split = try split(try folds(study), ["fold": 2])
        _ = try harness.run(
            EvaluateStage.self, with: ["bootstrap": 0],
            inputs: ["predictions": pooled, "labels": study.labels, "split": all.split])
    }

    @Test func aMemberThatIgnoresItsSplitIsLeakage() throws {
        let study = try ToyStudy(harness)
        let error = #expect(throws: LeakageError.self) { try collected(study, leak: true) }
        #expect(error?.port == "predictions@fold=1")
        let training = try study.songs(in: "train")
        #expect(error?.songs.allSatisfy { training.contains($0) } == true)
    }

    @Test func repeatsAreAveragedAndScoredOneByOne() throws {
        let study = try ToyStudy(harness)
        let outputs = try collected(study, repeats: 2)
        #expect(try harness.table(outputs["predictions"]!).rows.count == 40)
        let metrics = harness.services.metrics
        #expect(metrics["repeat.0.valence.r2"] != nil && metrics["repeat.1.valence.r2"] != nil)
        let json = try JSON.parse(try harness.text(outputs["scores"]!, "scores.json"))
        #expect(json["repeats"]?.list?.count == 6)
        #expect(json["folds"]?.list?.count == 2 * 4 * 3 * 2)
        // The mean's row has seen what both models saw, and still not its own song.
        let pooled = outputs["predictions"]!
        for row in pooled.rows {
            #expect(!pooled.fittedSets[try #require(row.fitted)].contains(StageHarness.song(row.id)))
        }
    }

    @Test func songsWithoutPredictionAreNamed() throws {
        var study = try ToyStudy(harness)
        study.features.entries.removeAll { $0.id == "song-105" }
        let outputs = try collected(study)
        #expect(harness.services.warnings.last == "Skipped 1 song without a prediction or label: song-105.")
        #expect(try harness.table(outputs["predictions"]!).rows.count == 39)
    }
}
