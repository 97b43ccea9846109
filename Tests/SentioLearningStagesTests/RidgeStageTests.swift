import Foundation
import SentioKit
import SentioLearn
import SentioNumerics
@testable import SentioLearningStages
import SentioTesting
import StageTestSupport
import Testing

@Suite struct RidgeStageTests {
    let harness = StageHarness()

    @Test func theModelHasSeenExactlyTheTrainingSongs() throws {
        let study = try ToyStudy(harness)
        let outputs = try harness.run(RidgeStage.self, inputs: study.inputs)
        let training = Lineage(try study.songs(in: "train").map(StageHarness.song))
        #expect(outputs["model"]?.lineage == training)
        let predictions = try #require(outputs["predictions"])
        #expect(predictions.fittedSets == [training] && predictions.lineage.isEmpty)
        #expect(predictions.rows.map(\.id) == study.ids)
        #expect(predictions.rows.allSatisfy { $0.sources == [StageHarness.song($0.id)] && $0.fitted == 0 })
    }

    @Test func fittingOnValidationTooIsInTheLineage() throws {
        let study = try ToyStudy(harness)
        let outputs = try harness.run(RidgeStage.self, with: ["fit_on": ["train", "validation"]], inputs: study.inputs)
        let seen = try study.songs(in: "train") + study.songs(in: "validation")
        #expect(outputs["model"]?.lineage == Lineage(seen.map(StageHarness.song)))
    }

    @Test func coefficientsAreTheNormalEquations() throws {
        // alpha 0 without scaling is least squares: residuals of training songs are orthogonal to every feature.
        let study = try ToyStudy(harness)
        let outputs = try harness.run(RidgeStage.self, with: ["alpha": 0, "scaler": "none"], inputs: study.inputs)
        let predicted = try harness.table(outputs["predictions"]!), labels = try harness.table(study.labels)
        var sums = [0.0, 0, 0, 0]
        for song in try study.songs(in: "train") {
            let residual = Double(predicted.cell(song, "valence")!)! - Double(labels.cell(song, "valence")!)!
            let features = try NpyFile.read(try harness.store.read(study.features.entry(song)!.blob)).doubles
            for (index, feature) in ([1] + features).enumerated() { sums[index] += residual * feature }
        }
        #expect(sums.allSatisfy { abs($0) < 1e-9 })
        #expect(harness.services.metrics["alpha.valence"] == 0)
    }

    @Test func alphaIsChosenAndReported() throws {
        let study = try ToyStudy(harness)
        let outputs = try harness.run(RidgeStage.self, with: ["alphas": [0.001, 1000]], inputs: study.inputs)
        #expect(harness.services.metrics["alpha.valence"] == 0.001)
        #expect(try #require(harness.services.metrics["train.valence.r2"]) > 0.9)
        let file = try JSON.parse(try harness.text(outputs["model"]!, "ridge.json"))
        #expect(file["format"] == "sentio-ridge" && file["choice"] != nil)
        #expect(file["model"]?["features"] == ["x", "y", "xy"] && file["model"]?["targets"] == ["valence", "arousal"])
        let back = try JSONDecoder().decode(
            RidgeModelFile.self, from: Data(try harness.text(outputs["model"]!, "ridge.json").utf8))
        #expect(back.model.alphas == [0.001, 0.001])
    }

    @Test(arguments: ["none", "standard", "robust", "sign-log", "quantile"])
    func everyScalerPredictsHeldOutSongs(_ scaler: String) throws {
        let study = try ToyStudy(harness)
        let predicted = try harness.table(
            try harness.run(RidgeStage.self, with: ["scaler": .string(scaler), "alpha": 0.01], inputs: study.inputs)[
                "predictions"]!)
        let labels = try harness.table(study.labels)
        for song in try study.songs(in: "test") {
            #expect(abs(Double(predicted.cell(song, "valence")!)! - Double(labels.cell(song, "valence")!)!) < 2.5)
        }
    }

    @Test func aFailedSongIsLeftOutAndNamed() throws {
        var study = try ToyStudy(harness)
        study.features.entries.removeFirst()
        let outputs = try harness.run(RidgeStage.self, inputs: study.inputs)
        #expect(outputs["predictions"]?.rows.count == 39)
        #expect(harness.services.warnings.last == "Left out 1 song of the split without features or labels: song-100.")
    }

    @Test func aTableOfFeaturesIsAsGoodAsACollection() throws {
        let study = try ToyStudy(harness)
        var inputs = study.inputs
        let first = try harness.run(RidgeStage.self, inputs: inputs)
        inputs["features"] = try study.featureTable()
        let second = try harness.run(RidgeStage.self, inputs: inputs)
        #expect(first["predictions"]?.encoded() == second["predictions"]?.encoded())
        #expect(first["model"]?.lineage == second["model"]?.lineage)
    }

    @Test func aTableThatIsNoneIsASentence() throws {
        let study = try ToyStudy(harness)
        func text(_ change: (String) -> String) throws -> String {
            var inputs = study.inputs
            inputs["features"] = try study.featureTable(change)
            return sentence { try harness.run(RidgeStage.self, inputs: inputs) }
        }
        #expect(
            try text { $0 + "song-100,1,2,3\n" }.contains("line 42: song song-100 is listed a second time"))
        #expect(
            try text { $0.replacing("song_id,x,y", with: "song_id,y,x") }.contains(
                "does not agree with its attribute `columns`"))
        #expect(
            try text { $0.replacing("song-101,", with: "song-101,,") }.contains(
                "line 3: song song-101: 5 cells where the header has 4"))
        let training = try study.songs(in: "train")[0]
        let holed = try text { table in
            table.split(separator: "\n").map { $0.hasPrefix(training) ? "\(training),1,,nan" : String($0) }.joined(
                separator: "\n")
        }
        #expect(
            holed.hasPrefix(
                "Song \(training) on `features` has no value for y, the first of 2 missing values. A `feature-select` stage"
            ))
    }

    @Test func badFeaturesAreASentence() throws {
        var study = try ToyStudy(harness)
        study.features.attributes = [:]
        #expect(
            sentence { try harness.run(RidgeStage.self, inputs: study.inputs) }.contains("do not name their columns"))
        study.features.attributes = ["columns": ["x", "y"]]
        #expect(
            sentence { try harness.run(RidgeStage.self, inputs: study.inputs) }.contains(
                "has 3 features, but the collection names 2"))
    }

    @Test func valuesThatAreNoNumbersNameSongAndColumn() throws {
        var study = try ToyStudy(harness)
        let song = try study.songs(in: "train")[0], index = study.ids.firstIndex(of: song)!
        study.features.entries[index].blob = harness.store.write(NpyFile.write(NpyArray([0.1, .nan, 1], shape: [3])))
        let text = sentence { try harness.run(RidgeStage.self, inputs: study.inputs) }
        #expect(
            text.hasPrefix("Song \(song) on `features` has no value for y. A `feature-select` stage before this one"))
    }

    /// A measure that could not be taken of any song.
    @Test func anEmptyColumnIsNamedAsOne() throws {
        var study = try ToyStudy(harness)
        let songs = try study.songs(in: "train")
        for index in study.ids.indices {
            study.features.entries[index].blob = harness.store.write(
                NpyFile.write(NpyArray([0.1, .nan, Double(index)], shape: [3])))
        }
        #expect(
            sentence { try harness.run(RidgeStage.self, inputs: study.inputs) }.hasPrefix(
                "Song \(songs[0]) on `features` has no value for y, the first of \(songs.count) missing values. y is empty for all \(songs.count) songs: leave it out with `exclude: [y]` where the table is read. A `feature-select` stage"
            ))
    }

    @Test func tooManyFoldsNameTheLineToWrite() throws {
        let study = try ToyStudy(harness, count: 20)
        let count = try study.songs(in: "train").count
        #expect(
            sentence { try harness.run(RidgeStage.self, with: ["folds": 50], inputs: study.inputs) }
                == "The inner cross-validation that chooses alpha is not possible: \(count) songs in only \(count / 2) groups cannot fill 50 folds without tearing a group apart. Lower `folds`, give `alpha`, or train on more songs. At most: `--set ridge.folds=\(count / 2)`."
        )
    }

    @Test func gcvChoosesWithoutFolds() throws {
        let study = try ToyStudy(harness)
        let given: [String: Value] = ["alphas": [0.001, 1000], "folds": 1000]
        #expect(
            sentence { try harness.run(RidgeStage.self, with: given, inputs: study.inputs) }.contains("is not possible")
        )
        try harness.run(RidgeStage.self, with: given.merging(["selection": "gcv"]) { $1 }, inputs: study.inputs)
        #expect(harness.services.metrics["alpha.valence"] == 0.001)
    }

    @Test func badParametersAreRefused() {
        func problem(_ given: [String: Value]) -> String {
            sentence { _ = try RidgeStage(try Configuration(RidgeStage.parameters, given: given)) }
        }
        #expect(problem(["alphas": []]).hasPrefix("`alphas`"))
        #expect(problem(["fit_on": ["validation"]]).hasPrefix("`fit_on`"))
        #expect(problem(["alpha": -1]).contains("from 0"))
        #expect(problem(["scaler": "minmax"]).contains("one of none, standard, robust, sign-log, quantile"))
    }
}
