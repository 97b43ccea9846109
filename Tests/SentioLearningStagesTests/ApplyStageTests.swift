import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioLearningStages

@Suite struct ApplyStageTests {
    let harness = StageHarness()

    /// Every kind that fits a model of features, with settings that are quick.
    static let kinds: [(kind: any Stage.Type, with: [String: Value])] = [
        (RidgeStage.self, ["alpha": 0.5, "scaler": "robust"]), (SVRStage.self, ["c": 2, "gamma": 0.1]),
        (GBDTStage.self, ["rounds": 20, "max_depth": 2]),
    ]

    private func fit(_ index: Int, _ study: ToyStudy, _ given: [String: Value] = [:]) throws -> [String: Manifest] {
        let (kind, with) = Self.kinds[index]
        return try harness.run(kind, with: with.merging(given) { $1 }, inputs: study.inputs)
    }

    private func apply(_ model: Manifest?, _ features: Manifest, _ given: [String: Value] = [:]) throws -> Manifest {
        try harness.run(
            ApplyStage.self, with: given, inputs: ["model": try #require(model), "features": features])["predictions"]!
    }

    @Test(arguments: kinds.indices) func equalsTheFittedStageBitForBit(_ index: Int) throws {
        let study = try ToyStudy(harness), fitted = try fit(index, study)
        let own = try harness.table(fitted["predictions"]!)
        let applied = try apply(fitted["model"], study.features)
        #expect(try harness.table(applied).rows == own.rows)
        // Nor does it matter which other songs are rated along with a song.
        for song in [study.ids[3], study.ids[17]] {
            var one = study.features
            one.entries = one.entries.filter { $0.id == song }
            #expect(try harness.table(apply(fitted["model"], one)).rows == own.rows.filter { $0[0] == song })
        }
    }

    @Test(arguments: kinds.indices) func theGuardKnowsTheModelsTrainingSongs(_ index: Int) throws {
        let study = try ToyStudy(harness)
        let applied = try apply(try fit(index, study)["model"], study.features)
        #expect(applied.fittedSets == [Lineage(try study.songs(in: "train").map(StageHarness.song))])
        var inputs = ["predictions": applied, "labels": study.labels, "split": study.split]
        #expect(try harness.run(EvaluateStage.self, inputs: inputs)["scores"] != nil)
        inputs["split"] = try harness.run(
            SplitStage.self, with: ["test": 0.5, "validation": 0, "group": "artist", "seed": 9],
            inputs: ["labels": study.labels])["split"]!
        #expect(throws: LeakageError.self) { try harness.run(EvaluateStage.self, inputs: inputs) }
    }

    @Test func columnsAreFoundByName() throws {
        let study = try ToyStudy(harness), fitted = try fit(0, study)
        let rows = try study.features.entries.map { entry in
            let values = try NpyFile.read(try harness.store.read(entry.blob)).doubles
            return [entry.id, "5", "\(values[2])", "\(values[1])", "\(values[0])"]
        }
        let table = Table(columns: ["song_id", "other", "xy", "y", "x"], rows: rows)
        var shuffled = try study.featureTable()
        shuffled.attributes = ["columns": ["other", "xy", "y", "x"]]
        shuffled.entries[0].blob = harness.write(table)
        #expect(
            try harness.table(apply(fitted["model"], shuffled)).rows == harness.table(fitted["predictions"]!).rows)
        shuffled.attributes = ["columns": ["other", "xy", "y", "z"]]
        shuffled.entries[0].blob = harness.write(
            Table(columns: ["song_id", "other", "xy", "y", "z"], rows: rows))
        #expect(
            sentence { _ = try apply(fitted["model"], shuffled) }
                == "The model was fitted on 3 features, and `features` lacks 1 of them: x. Compute them with the stages "
                + "and parameters of its training.")
    }

    @Test func aMissingValueCostsOneSong() throws {
        let study = try ToyStudy(harness), first = study.ids[0]
        let table = try study.featureTable { text in
            text.split(separator: "\n").map { line in
                line.hasPrefix(first + ",") ? line.split(separator: ",").prefix(3).joined(separator: ",") + "," : line
            }.joined(separator: "\n") + "\n"
        }
        let applied = try harness.table(apply(try fit(0, study)["model"], table))
        #expect(applied.rows.count == study.ids.count - 1 && applied.cell(first, "valence") == nil)
        #expect(
            harness.services.warnings.last
                == "Left out 1 song with missing features, which the model does not take: \(first). Song \(first) has "
                + "no value for xy.")
        #expect(try harness.table(apply(try fit(2, study)["model"], table)).rows.count == study.ids.count)
    }

    @Test(arguments: kinds.indices) func contexts(_ index: Int) throws {
        let study = try ToyStudy(harness)
        var inputs = study.inputs, labels = try harness.table(study.labels)
        let artist = try #require(labels.column("artist"))
        labels.rows = labels.rows.enumerated().map { index, row in
            var row = row
            row[artist] = index % 2 == 0 ? "even" : "odd"
            return row
        }
        inputs["labels"]?.entries[0].blob = harness.write(labels)
        let (kind, with) = Self.kinds[index]
        var given = with.merging(["context": "artist"]) { $1 }
        // Contexts make no difference to these songs, and the machine would choose so.
        if kind == SVRStage.self { given["context_slopes"] = 2 }
        let fitted = try harness.run(kind, with: given, inputs: inputs)
        let own = try harness.table(fitted["predictions"]!).rows
        let even = try harness.table(apply(fitted["model"], study.features, ["context": "even"])).rows
        let unknown = try harness.table(apply(fitted["model"], study.features)).rows
        for (row, song) in study.ids.enumerated() { #expect((even[row] == own[row]) == (row % 2 == 0), "\(song)") }
        #expect(unknown != even)
        #expect(
            sentence { _ = try apply(fitted["model"], study.features, ["context": "evn"]) }
                == "The model knows no context `evn`; it knows even, odd. Did you mean `even`?")
        let plain = try fit(index, study)
        #expect(
            sentence { _ = try apply(plain["model"], study.features, ["context": "even"]) }
                == "`context: even` is given, but the model was fitted without contexts. Remove the parameter.")
    }

    @Test func aStackAppliesItsMembers() throws {
        let study = try ToyStudy(harness)
        let members = [try fit(0, study), try fit(2, study)]
        let stack = try harness.run(
            StackingStage.self, with: ["bases": ["b", "a"], "folds": 0, "meta": "mean"],
            inputs: [
                "labels": study.labels, "split": study.split, "b@inner=all": members[0]["predictions"]!,
                "a@inner=all": members[1]["predictions"]!,
            ])
        func rate(_ names: [String]) throws -> Manifest {
            var inputs = ["model": stack["model"]!]
            for (name, member) in zip(["b", "a"], members) where names.contains(name) {
                inputs[name] = try apply(member["model"], study.features)
            }
            return try harness.run(ApplyStage.self, inputs: inputs)["predictions"]!
        }
        let applied = try rate(["a", "b"])
        #expect(try harness.table(applied).rows == harness.table(stack["predictions"]!).rows)
        // Each member has its own weight.
        var model = stack["model"]!
        model.entries[0].blob = harness.store.write(
            try StackingModelFile.encode(
                try StackingModel(
                    method: .nonnegative, bases: ["b", "a"], targets: ["valence", "arousal"],
                    weights: Matrix(rows: 2, columns: 2, values: [0.9, 0.1, 0.3, 0.7]), intercepts: [0, 0], alphas: nil)
            ))
        let parts = try members.map { try harness.table(apply($0["model"], study.features)) }
        let blend = try harness.table(
            harness.run(
                ApplyStage.self,
                inputs: [
                    "model": model, "b": try apply(members[0]["model"], study.features),
                    "a": try apply(members[1]["model"], study.features),
                ])["predictions"]!)
        for song in study.ids {
            let (b, a) = (Double(parts[0].cell(song, "valence")!)!, Double(parts[1].cell(song, "valence")!)!)
            #expect(abs(Double(blend.cell(song, "valence")!)! - (0.9 * b + 0.1 * a)) < 1e-12)
        }
        #expect(applied.fittedSets[0].songs.isSuperset(of: try study.songs(in: "train").map(StageHarness.song)))
        #expect(
            sentence { _ = try rate(["b"]) }
                == "The stack has the members b, a. Connect the predictions of each under its name under `in:` of apply; "
                + "`a` is missing.")
    }

    @Test func whatIsNoModelIsSaid() throws {
        let study = try ToyStudy(harness)
        for (index, file) in ["ridge.json", "svr.json", "model.json"].enumerated() {
            var model = try #require(try fit(index, study)["model"])
            let place = try #require(model.entries.firstIndex { $0.id == file })
            for text in ["", "{}", "[1", "null", #"{"format": "sentio-ridge", "version": 2}"#] {
                model.entries[place].blob = harness.store.write(Array(text.utf8))
                let said = sentence { _ = try apply(model, study.features) }
                #expect(said.hasPrefix("The model on `model` of apply cannot be used. "), "\(file) \(text): \(said)")
            }
        }
        #expect(
            sentence {
                _ = try harness.run(ApplyStage.self, inputs: ["model": try #require(try fit(0, study)["model"])])
            } == "A ridge model rates songs by their features. Connect `features` under `in:` of apply.")
    }
}
