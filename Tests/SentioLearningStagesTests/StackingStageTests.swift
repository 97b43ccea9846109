import SentioKit
import SentioNumerics
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioLearningStages

@Suite struct StackingStageTests {
    let harness = StageHarness()

    /// Two ridges, out of fold and on all training songs, on a study's split.
    private func inputs(_ study: ToyStudy, leak: Bool = false, folds count: Int = 3) throws -> [String: Manifest] {
        let assigned = try harness.run(
            AssignFoldsStage.self, with: ["folds": .int(count)], inputs: ["labels": study.labels, "split": study.split])[
                "folds"]!
        var inputs = ["labels": study.labels, "split": study.split]
        for fold in 0..<count {
            let own = try harness.run(
                FoldSplitStage.self, with: ["fold": .int(fold)], inputs: ["folds": assigned, "split": study.split])[
                    "split"]!
            inputs["split@inner=\(fold)"] = own
            for (name, alpha) in [("stiff", 100.0), ("loose", 0.01)] {
                var training = study.inputs
                training["split"] = leak && name == "stiff" ? study.split : own
                inputs["\(name)@inner=\(fold)"] = try harness.run(
                    RidgeStage.self, with: ["alpha": .double(alpha)], inputs: training)["predictions"]!
            }
        }
        for (name, alpha) in [("stiff", 100.0), ("loose", 0.01)] {
            inputs["\(name)@inner=all"] = try harness.run(
                RidgeStage.self, with: ["alpha": .double(alpha)], inputs: study.inputs)["predictions"]!
        }
        return inputs
    }

    private func stack(_ study: ToyStudy, _ given: [String: Value] = [:], leak: Bool = false) throws -> [String:
        Manifest]
    {
        let parameters = given.merging(["bases": ["stiff", "loose"], "folds": 3]) { own, _ in own }
        return try harness.run(StackingStage.self, with: parameters, inputs: try inputs(study, leak: leak))
    }

    @Test func theBlendIsTheWeightedSumOfTheFullFits() throws {
        let study = try ToyStudy(harness)
        let outputs = try stack(study), made = try inputs(study)
        let metrics = harness.services.metrics
        let stiff = try #require(metrics["weight.valence.stiff"]), loose = try #require(metrics["weight.valence.loose"])
        #expect(stiff >= 0 && loose > 0.5 && abs(stiff + loose - 1) < 1e-12)
        let blend = try harness.table(outputs["predictions"]!)
        let one = try harness.table(made["stiff@inner=all"]!), other = try harness.table(made["loose@inner=all"]!)
        for song in study.ids {
            let expected = stiff * Double(one.cell(song, "valence")!)! + loose * Double(other.cell(song, "valence")!)!
            #expect(abs(Double(blend.cell(song, "valence")!)! - expected) < 1e-12)
        }
        let model = try JSON.parse(try harness.text(outputs["model"]!, "stacking.json"))
        #expect(model["format"] == "sentio-stacking" && model["model"]?["bases"] == ["stiff", "loose"])
    }

    @Test func testSongsAreSeenByNothing() throws {
        let study = try ToyStudy(harness)
        let predictions = try stack(study)["predictions"]!
        let training = Lineage(try study.songs(in: "train").map(StageHarness.song))
        for song in try study.songs(in: "test") {
            #expect(predictions.fittedSets[try #require(predictions.row(song)?.fitted)] == training)
        }
        _ = try harness.run(
            EvaluateStage.self, with: ["bootstrap": 0],
            inputs: ["predictions": predictions, "labels": study.labels, "split": study.split])
        #expect(try #require(harness.services.metrics["test.r2"]) > 0.8)
    }

    /// Blends with weights that were fitted without the fold, checked against a search for these weights.
    @Test(arguments: ["nonnegative", "ridge", "mean"])
    func residualsAreBlendedOutOfFold(_ meta: String) throws {
        let study = try ToyStudy(harness), made = try inputs(study)
        let outputs = try stack(study, ["calibrate": true, "meta": .string(meta)])
        let training = try study.songs(in: "train")
        let manifest = try #require(outputs["residuals"]), residuals = try harness.table(manifest)
        #expect(manifest.fittedSets == [Lineage(training.map(StageHarness.song))])
        #expect(manifest.rows.map(\.id) == training && residuals.columns.prefix(2) == ["song_id", "fold"])
        #expect(harness.services.metrics["calibration.valence.r2"] != nil)
        guard meta != "ridge" else { return }
        let songs = try training.map {
            song -> (fold: String, stiff: Double, loose: Double, truth: Double, out: Double) in
            let fold = try #require(residuals.cell(song, "fold"))
            func member(_ name: String) throws -> Double {
                Double(try harness.table(made["\(name)@inner=\(fold)"]!).cell(song, "valence")!)!
            }
            return (
                fold, try member("stiff"), try member("loose"), Double(residuals.cell(song, "valence_rated")!)!,
                Double(residuals.cell(song, "valence_predicted")!)!
            )
        }
        for fold in ["0", "1", "2"] {
            func error(_ weight: Double) -> Double {
                songs.filter { $0.fold != fold }.reduce(0) { sum, song in
                    let miss = weight * song.stiff + (1 - weight) * song.loose - song.truth
                    return sum + miss * miss
                }
            }
            let grid = (0...100).map { Double($0) / 100 }
            let best = meta == "mean" ? 0.5 : grid.min { error($0) < error($1) } ?? 0
            for song in songs where song.fold == fold {
                let expected = best * song.stiff + (1 - best) * song.loose
                #expect(abs(song.out - expected) < (meta == "mean" ? 1e-12 : 0.05))
            }
        }
    }

    @Test func calibratingNeedsFoldsAndChangesNothingElse() throws {
        let study = try ToyStudy(harness)
        let with = try stack(study, ["calibrate": true]), without = try stack(study)
        #expect(with["model"]?.encoded() == without["model"]?.encoded() && without["residuals"] == nil)
        #expect(with["predictions"]?.encoded() == without["predictions"]?.encoded())
        #expect(
            sentence { _ = try stack(study, ["calibrate": true, "folds": 0, "meta": "mean"]) }.contains(
                "`calibrate` needs at least 2 inner folds."))
    }

    @Test func aMemberThatSawItsInnerFoldIsLeakage() throws {
        let error = #expect(throws: LeakageError.self) { try stack(try ToyStudy(harness), leak: true) }
        #expect(error?.port == "stiff@inner=0")
    }

    @Test func theOtherWaysToCombine() throws {
        let study = try ToyStudy(harness)
        _ = try stack(study, ["meta": "ridge"])
        #expect(harness.services.metrics["intercept.valence"] != nil)
        var whole = try inputs(study).filter { !$0.key.contains("inner=") || $0.key.hasSuffix("all") }
        let mean = try harness.table(
            try harness.run(
                StackingStage.self, with: ["bases": ["stiff", "loose"], "folds": 0, "meta": "mean"], inputs: whole)[
                    "predictions"]!)
        let one = try harness.table(whole["stiff@inner=all"]!), other = try harness.table(whole["loose@inner=all"]!)
        let song = study.ids[5]
        let expected = (Double(one.cell(song, "arousal")!)! + Double(other.cell(song, "arousal")!)!) / 2
        #expect(abs(Double(mean.cell(song, "arousal")!)! - expected) < 1e-12)
        whole = [:]
        #expect(
            sentence { _ = try harness.run(StackingStage.self, with: ["bases": ["a"], "folds": 0]) }.contains(
                "at least 2 inner folds"))
    }
}
