import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioLearningStages

@Suite struct CalibrationTests {
    let harness = StageHarness()

    static let kinds: [(kind: any Stage.Type, given: [String: Value])] = [
        (RidgeStage.self, ["alphas": [0.01, 1]]),
        (SVRStage.self, ["c": [1, 10], "epsilon": [0.1, 0.3]]),
        (GBDTStage.self, GBDTStageTests.small),
    ]

    @discardableResult
    private func run(_ kind: any Stage.Type, _ given: [String: Value], _ study: ToyStudy, folds: Int?)
        throws -> [String: Manifest]
    {
        var given = given
        if let folds { given["calibration_folds"] = .int(folds) }
        return try harness.run(kind, with: given, inputs: study.inputs)
    }

    @Test(arguments: kinds.indices)
    func everyTrainingSongIsPredictedByAFitWithoutIt(_ index: Int) throws {
        let (kind, given) = Self.kinds[index], study = try ToyStudy(harness, count: 60)
        let outputs = try run(kind, given, study, folds: 5)
        let training = try study.songs(in: "train"), seen = Lineage(training.map(StageHarness.song))
        let table = try #require(outputs["residuals"])
        #expect(table.rows.map(\.id) == training && table.fittedSets == [seen])
        #expect(outputs["reference"]?.lineage == seen)
        let residuals = try harness.table(table), labels = try harness.table(study.labels)
        let fitted = try harness.table(outputs["predictions"]!)
        #expect(
            residuals.columns == [
                "song_id", "fold", "distance", "valence_rated", "valence_predicted", "arousal_rated",
                "arousal_predicted",
            ])
        var inside = 0.0, outside = 0.0
        for song in training {
            #expect(residuals.cell(song, "valence_rated") == labels.cell(song, "valence"))
            let truth = Double(labels.cell(song, "valence")!)!
            inside += abs(Double(fitted.cell(song, "valence")!)! - truth)
            outside += abs(Double(residuals.cell(song, "valence_predicted")!)! - truth)
        }
        #expect(outside > inside && harness.services.metrics["calibration.valence.r2"] != nil)
        // Songs of an artist share a fold.
        for song in training {
            let artist = labels.cell(song, "artist")
            for other in training where labels.cell(other, "artist") == artist {
                #expect(residuals.cell(song, "fold") == residuals.cell(other, "fold"))
            }
        }
    }

    /// The first fold, fitted here with the settings that the stage chose.
    @Test func ridgePredictsAFoldWithTheChosenPenalty() throws {
        let study = try ToyStudy(harness, count: 60)
        let outputs = try run(RidgeStage.self, ["alphas": [0.01, 1]], study, folds: 5)
        let residuals = try harness.table(outputs["residuals"]!), training = try study.songs(in: "train")
        let alpha = try #require(harness.services.metrics["alpha.valence"])
        func rows(_ songs: [String]) throws -> (features: Matrix, valence: Matrix) {
            let features = try songs.map { song in
                try NpyFile.read(try harness.store.read(study.features.entry(song)!.blob)).doubles
            }
            return (Matrix(features), Matrix(songs.map { [Double(residuals.cell($0, "valence_rated")!)!] }))
        }
        let held = training.filter { residuals.cell($0, "fold") == "0" }, rest = training.filter { !held.contains($0) }
        let fitted = try rows(rest)
        let model = try Ridge(alpha: .fixed(alpha)).fit(features: fitted.features, targets: fitted.valence).model
        let expected = try model.predict(try rows(held).features)
        for (row, song) in held.enumerated() {
            #expect(abs(Double(residuals.cell(song, "valence_predicted")!)! - expected[row, 0]) < 1e-9)
        }
    }

    @Test(arguments: kinds.indices)
    func modelAndPredictionsAreThoseWithout(_ index: Int) throws {
        let (kind, given) = Self.kinds[index], study = try ToyStudy(harness, count: 60)
        let with = try run(kind, given, study, folds: 3), without = try run(kind, given, study, folds: nil)
        #expect(with["model"]?.encoded() == without["model"]?.encoded())
        #expect(with["predictions"]?.encoded() == without["predictions"]?.encoded())
        #expect(without["residuals"] == nil && without["reference"] == nil)
    }

    @Test func theDefaultIsNotPartOfTheKey() {
        #expect(!Calibration.parameter.keepsDefaultInKey && !StackingStage.calibrates.keepsDefaultInKey)
    }

    @Test func theReferenceHoldsTheTrainingFeatures() throws {
        let study = try ToyStudy(harness, count: 60)
        let outputs = try run(RidgeStage.self, ["alpha": 1], study, folds: 5)
        let reference = try TrainingReference.decode(
            Array(try harness.text(outputs["reference"]!, "reference.json").utf8))
        let training = try study.songs(in: "train")
        #expect(reference.features == ["x", "y", "xy"] && reference.songs == training.count)
        let x = try training.map { song in
            try NpyFile.read(try harness.store.read(study.features.entry(song)!.blob)).doubles[0]
        }
        #expect(abs(reference.spread.centers[0] - x.reduce(0, +) / Double(x.count)) < 1e-12)
        let residuals = try harness.table(outputs["residuals"]!)
        let farthest = training.compactMap { Double(residuals.cell($0, "distance")!) }.max()
        #expect(reference.limits.overall == farthest)
    }

    @Test func contextsAndEarlyStoppingAreKept() throws {
        let study = try ToyStudy(harness, count: 60, artist: { "artist \($0 % 6)" })
        var inputs = study.inputs
        inputs["split"] = try harness.run(
            SplitStage.self, with: ["test": 0.2, "validation": 0.2], inputs: ["labels": study.labels])["split"]!
        for (kind, given): (any Stage.Type, [String: Value]) in [
            (RidgeStage.self, ["alpha": 1]), (SVRStage.self, ["c": 1]),
            (GBDTStage.self, GBDTStageTests.small.merging(["early_stopping_rounds": 3]) { $1 }),
        ] {
            let outputs = try harness.run(
                kind, with: given.merging(["context": "artist", "calibration_folds": 4]) { $1 }, inputs: inputs)
            let table = try harness.table(try #require(outputs["residuals"]))
            #expect(table.rows.count == (try harness.table(inputs["split"]!)).songs(in: "train").count)
        }
    }

    @Test func groupsLimitTheFolds() throws {
        let study = try ToyStudy(harness, artist: { "artist \($0 % 8)" })
        let outputs = try run(RidgeStage.self, ["alpha": 1], study, folds: 10)
        let table = try harness.table(outputs["residuals"]!)
        #expect(Set(table.rows.map { $0[1] }).count < 10)
    }

    @Test func badNumbersAreASentence() throws {
        let study = try ToyStudy(harness)
        #expect(
            sentence { try run(RidgeStage.self, ["alpha": 1], study, folds: 1) }.contains(
                "give at least 2 folds, or 0 for none."))
        var alone = study
        alone.split = try harness.run(SplitStage.self, with: ["test": 0.25], inputs: ["labels": study.labels])["split"]!
        var table = try harness.table(alone.split)
        let group = try #require(table.column("group"))
        for row in table.rows.indices { table.rows[row][group] = "one" }
        alone.split.entries[0].blob = harness.write(table)
        #expect(
            sentence { try run(RidgeStage.self, ["alpha": 1], alone, folds: 5) }.hasPrefix(
                "`calibration_folds` needs at least two groups of training songs, and all"))
    }
}
