import Foundation
import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioLearningStages

/// `context` of ridge, svr and gbdt, on songs of two datasets whose ratings mean opposite things.
@Suite struct ContextColumnTests {
    let harness = StageHarness()

    /// The toy study with a column `source`; ratings of `emotify` are turned around.
    private func study(_ source: (Int) -> String = { $0 % 2 == 0 ? "deam" : "emotify" }) throws -> ToyStudy {
        var study = try ToyStudy(harness)
        let table = try harness.table(study.labels)
        let rows = try table.rows.enumerated().map { index, row -> [String] in
            var row = row
            if source(index) == "emotify" {
                for column in [1, 3] { row[column] = "\(10 - (try #require(Double(row[column]))))" }
            }
            return row + [source(index)]
        }
        study.labels.entries = [
            Manifest.Entry(
                id: "table", file: "labels.csv",
                blob: harness.write(Table(columns: table.columns + ["source"], rows: rows)))
        ]
        return study
    }

    /// R² of valence on test songs.
    private func score(_ study: ToyStudy, _ outputs: [String: Manifest]) throws -> Double {
        let predicted = try harness.table(try #require(outputs["predictions"]))
        let labels = try harness.table(study.labels)
        let songs = try study.songs(in: "test")
        func numbers(_ table: Table) throws -> [Double] {
            try songs.map { try #require(table.cell($0, "valence").flatMap { Double($0) }) }
        }
        return try RegressionScore(truth: try numbers(labels), prediction: try numbers(predicted)).r2
    }

    @Test func ridgeKnowsWhatEachDatasetMeans() throws {
        let study = try study()
        let without = try score(study, try harness.run(RidgeStage.self, with: ["alpha": 1], inputs: study.inputs))
        let given: [String: Value] = ["context": "source", "alphas": [0.01, 0.1], "context_slopes": [2, 8]]
        let outputs = try harness.run(RidgeStage.self, with: given, inputs: study.inputs)
        let with = try score(study, outputs)
        #expect(without < 0.5 && with > 0.8, "\(without), \(with)")
        #expect(outputs["model"]?.lineage == Lineage(try study.songs(in: "train").map(StageHarness.song)))
        let metrics = harness.services.metrics
        #expect([2, 8].contains(metrics["context_slope.valence"]) && metrics["context_offset.arousal"] != nil)
        let songs = try study.songs(in: "train").count
        #expect(
            Double(songs) == (metrics["context.deam.songs"] ?? 0) + (metrics["context.emotify.songs"] ?? 0))
        let file = try JSONDecoder().decode(
            RidgeModelFile.self, from: Data(try harness.text(try #require(outputs["model"]), "ridge.json").utf8))
        #expect(file.model.context?.levels == ["deam", "emotify"])
    }

    @Test(arguments: ["rbf", "linear", "poly"])
    func machinesKnowWhatEachDatasetMeans(_ kernel: String) throws {
        let study = try study()
        let plain: [String: Value] = ["kernel": .string(kernel), "c": 10, "coef0": 1]
        let without = try score(study, try harness.run(SVRStage.self, with: plain, inputs: study.inputs))
        let given = plain.merging(["context": "source", "context_slopes": [3]]) { $1 }
        let outputs = try harness.run(SVRStage.self, with: given, inputs: study.inputs)
        let found = try score(study, outputs)
        #expect(found > without + 0.2, "\(kernel): \(without), \(found)")
        let model = try #require(outputs["model"])
        let back = try SVRModelFiles.decode { Array(try harness.text(model, $0).utf8) }
        #expect(back.context?.levels == ["deam", "emotify"] && back.context?.slopes == [3, 3])
        let song = study.ids[1],
            row = try NpyFile.read(try harness.store.read(try #require(study.features.entry(song)).blob)).doubles
        let predicted = try back.predict(Matrix([row]), contexts: SongContexts(["emotify"]))
        let table = try harness.table(try #require(outputs["predictions"]))
        let written = try #require(table.cell(song, "arousal").flatMap { Double($0) })
        #expect(abs(predicted[0, 1] - written) < 1e-9)
    }

    @Test func treesSeeTheDatasetAsColumns() throws {
        let study = try study()
        let given: [String: Value] = [
            "context": "source", "rounds": 30, "learning_rate": 0.3, "max_depth": 2, "colsample_bytree": 1,
            "min_child_weight": 1, "early_stopping_rounds": 10, "shap": true,
        ]
        let outputs = try harness.run(GBDTStage.self, with: given, inputs: study.inputs)
        let text = try harness.text(try #require(outputs["model"]), "model.json")
        let names = try XGBoostModelFile(Array(text.utf8)).model.features
        #expect(names == ["x", "y", "xy", "context=deam", "context=emotify"])
        #expect(try harness.table(try #require(outputs["shap"])).columns.contains("valence:context=deam"))
        #expect(try #require(harness.services.metrics["train.valence.r2"]) > 0)
    }

    @Test func songsOfAnotherDatasetAreNamed() throws {
        let plain = try study()
        let test = Set(try plain.songs(in: "test"))
        let strange = try study { test.contains(plain.ids[$0]) ? "new" : $0 % 2 == 0 ? "deam" : "emotify" }
        try harness.run(RidgeStage.self, with: ["context": "source"], inputs: strange.inputs)
        let named = harness.services.warnings.filter {
            $0.hasPrefix(
                "10 songs with a `source` that has no training songs (new) are predicted from what the known contexts "
                    + "share: song-")
        }
        #expect(named.count == 1, "\(harness.services.warnings)")
    }

    @Test func contextsThatTellLittleAreWarnings() throws {
        let one = try study { _ in "deam" }
        try harness.run(RidgeStage.self, with: ["context": "source"], inputs: one.inputs)
        #expect(harness.services.warnings.contains { $0.contains("so the context tells the model nothing") })
        let empty = try study { _ in "" }
        #expect(
            sentence { try harness.run(RidgeStage.self, with: ["context": "source"], inputs: empty.inputs) }.hasPrefix(
                "The labels' column `source` is empty for all "))
        let some = try study { $0 < 10 ? "" : $0 % 8 == 3 ? "rare" : "deam" }
        try harness.run(RidgeStage.self, with: ["context": "source"], inputs: some.inputs)
        #expect(harness.services.warnings.contains { $0.contains("have no `source` and contribute only to what all") })
        #expect(harness.services.warnings.contains { $0.contains("have the `source` rare (") })
    }

    @Test func aColumnThatIsNoContextIsASentence() throws {
        let study = try study()
        func text(_ column: String) -> String {
            sentence { try harness.run(RidgeStage.self, with: ["context": .string(column)], inputs: study.inputs) }
        }
        #expect(
            text("sorce")
                == "The labels have no column `sorce` for `context`. Did you mean `source`? Columns that can "
                + "serve as contexts: artist, source.")
        #expect(text("valence").hasPrefix("`context: valence` names a column of ratings or ids;"))
        func problem<Kind: Stage>(_ kind: Kind.Type, _ given: [String: Value]) -> String {
            sentence { _ = try Kind(try Configuration(Kind.parameters, given: given)) }
        }
        #expect(problem(RidgeStage.self, ["context_slopes": [1]]).contains("it applies only with a `context`"))
        #expect(problem(RidgeStage.self, ["context": "source", "context_offsets": []]).contains("at least one value"))
        #expect(problem(SVRStage.self, ["context_slopes": [7]]).contains("it applies only with a `context`"))
        #expect(problem(SVRStage.self, ["context": "source", "context_slopes": []]).contains("at least one value"))
    }

    /// Keys and files of pipelines without contexts are those of the time before there were any.
    @Test func withoutContextsNothingChanges() throws {
        let kinds: [[any ParameterDefinition]] = [
            RidgeStage.parameters, SVRStage.parameters, GBDTStage.parameters, EvaluateStage.parameters,
            OutOfFoldStage.parameters,
        ]
        for parameters in kinds {
            let identity = try Configuration(parameters).identity
            #expect(identity.keys.allSatisfy { !$0.hasPrefix("context") && $0 != "within" })
        }
        #expect(
            try Configuration(RidgeStage.parameters, given: ["context": "source"]).identity["context"] == "source")
        let study = try study()
        let ridge = try harness.run(RidgeStage.self, inputs: study.inputs)["model"]
        #expect(try !harness.text(try #require(ridge), "ridge.json").contains("context"))
        let svr = try harness.run(SVRStage.self, inputs: study.inputs)["model"], index = try #require(svr)
        let text = try harness.text(index, "svr.json")
        #expect(!text.contains("context") && !text.contains("columns\":") && !text.contains("slope"))
    }
}
