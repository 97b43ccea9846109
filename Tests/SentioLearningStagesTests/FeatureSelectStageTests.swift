import SentioKit
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioLearningStages

@Suite struct FeatureSelectStageTests {
    let harness = StageHarness()

    /// The toy study as a table with a constant, a copy, an empty column and a hole in a training song.
    func holed(_ study: ToyStudy) throws -> Manifest {
        let training = try study.songs(in: "train")[0]
        return try study.featureTable { text in
            text.split(separator: "\n").enumerated().map { index, line in
                if index == 0 { return "song_id,x,flat,y,empty,copy" }
                var cells = line.split(separator: ",").map(String.init)
                cells = [cells[0], cells[1], "7", cells[2], "", cells[1]]
                if cells[0] == training { cells[3] = "" }
                return cells.joined(separator: ",")
            }.joined(separator: "\n")
        }.without("columns")
    }

    @Test func everythingOffPassesThroughUnseen() throws {
        let study = try ToyStudy(harness)
        let output = try #require(
            try harness.run(FeatureSelectStage.self, inputs: ["features": study.features, "split": study.split])[
                "features"])
        #expect(output.attributes["columns"] == ["x", "y", "xy"] && output.rows.count == 40)
        #expect(
            output.rows.allSatisfy {
                $0.sources == [StageHarness.song($0.id)] && ($0.fitted.map { output.fittedSets[$0].isEmpty } ?? true)
            }
        )
    }

    @Test func whatIsChosenWasSeenByTheTrainingSongsOnly() throws {
        let study = try ToyStudy(harness)
        let output = try #require(
            try harness.run(
                FeatureSelectStage.self, with: ["impute": "median", "min_variance": 0, "max_correlation": 0.999],
                inputs: ["features": try holed(study), "split": study.split])["features"])
        #expect(output.attributes["columns"] == ["x", "y"])
        #expect(output.fittedSets == [Lineage(try study.songs(in: "train").map(StageHarness.song))])
        #expect(output.rows.allSatisfy { $0.fitted == 0 })
        let table = try harness.table(output), training = try study.songs(in: "train")
        let others = try training.dropFirst().map { Double(try #require(table.cell($0, "y")))! }.sorted()
        let filled = Double(try #require(table.cell(training[0], "y")))!
        #expect(others.contains(filled) || zip(others, others.dropFirst()).contains { ($0 + $1) / 2 == filled })
        #expect(harness.services.warnings == ["1 feature has no value in any training song and is dropped: empty."])
        #expect(harness.services.lines.contains("dropped flat: variance 0"))
        #expect(harness.services.lines.contains("dropped copy: correlation 1.0 with x"))
        #expect(harness.services.metrics["features.kept"] == 2 && harness.services.metrics["features.dropped"] == 3)
        #expect(harness.services.metrics["values.missing"] == 0)
    }

    @Test func ridgeTakesWhatWasChosenAndRefusesHoles() throws {
        let study = try ToyStudy(harness)
        var inputs = study.inputs
        inputs["features"] = try holed(study)
        #expect(sentence { try harness.run(RidgeStage.self, inputs: inputs) }.contains("has no value for"))
        inputs["features"] = try harness.run(
            FeatureSelectStage.self, with: ["impute": "mean", "top": 2],
            inputs: ["features": inputs["features"]!, "split": study.split, "labels": study.labels])["features"]
        let predictions = try #require(try harness.run(RidgeStage.self, inputs: inputs)["predictions"])
        #expect(predictions.fittedSets == [Lineage(try study.songs(in: "train").map(StageHarness.song))])
    }

    @Test func topNeedsLabelsAndSomethingMustBeLeft() throws {
        let study = try ToyStudy(harness)
        let inputs = ["features": study.features, "split": study.split]
        #expect(
            sentence { try harness.run(FeatureSelectStage.self, with: ["top": 1], inputs: inputs) }.contains(
                "connect `labels`"))
        #expect(
            sentence { try harness.run(FeatureSelectStage.self, with: ["min_variance": 99], inputs: inputs) }
                .hasPrefix("None of the 3 features remains."))
    }
}

extension Manifest {
    func without(_ attribute: String) -> Manifest {
        var other = self
        other.attributes[attribute] = nil
        return other
    }
}
