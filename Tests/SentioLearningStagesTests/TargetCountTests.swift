import SentioKit
import SentioSongStages
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioLearningStages

/// Every kind of classical learning with one target and with three on scales of their own.
@Suite struct TargetCountTests {
    let harness = StageHarness()
    static let one = [ToyStudy.Target("energy", 0...1, share: 0.5)]
    static let three = [
        ToyStudy.Target("valence", 1...9, share: 1), ToyStudy.Target("tempo", 40...220, share: 0),
        ToyStudy.Target("energy", 0...1, share: 0.5),
    ]
    static let kinds: [(any Stage.Type, [String: Value])] = [
        (RidgeStage.self, [:]), (SVRStage.self, ["folds": 3]),
        (GBDTStage.self, GBDTStageTests.small.merging(["rounds": 60]) { $1 }),
    ]

    private func scored(_ targets: [ToyStudy.Target]) throws {
        var study = try ToyStudy(harness)
        try study.relabel(targets)
        for (kind, given) in Self.kinds {
            let made = try #require(try harness.run(kind, with: given, inputs: study.inputs)["predictions"])
            #expect(try harness.table(made).columns == ["song_id"] + targets.map(\.name))
            _ = try harness.run(
                EvaluateStage.self, with: ["bootstrap": 50],
                inputs: ["predictions": made, "labels": study.labels, "split": study.split])
            for target in targets {
                let name = "test.\(target.name)", metrics = harness.services.metrics
                let r2 = try #require(metrics[name + ".r2"])
                #expect(r2 > 0.3, "\(kind.kind) \(target.name)")
                let half = (target.scale.upperBound - target.scale.lowerBound) / 2
                let rmse = try #require(metrics[name + ".rmse"])
                #expect(metrics[name + ".rmse_scaled"] == rmse / half)
                #expect(metrics["test.baseline.\(target.name).r2"] != nil)
            }
        }
    }

    @Test func oneTarget() throws { try scored(Self.one) }
    @Test func threeTargets() throws { try scored(Self.three) }

    /// Errors in different units have no mean; those on scales mapped to [-1, 1] do.
    @Test func theMeanOverScalesIsOfScaledErrors() throws {
        var study = try ToyStudy(harness)
        try study.relabel(Self.three)
        let made = try harness.run(RidgeStage.self, inputs: study.inputs)["predictions"]!
        let outputs = try harness.run(
            EvaluateStage.self, with: ["bootstrap": 50],
            inputs: ["predictions": made, "labels": study.labels, "split": study.split])
        let metrics = harness.services.metrics
        #expect(metrics["test.rmse"] == nil && metrics["test.mse"] == nil && metrics["test.rmse.low"] == nil)
        #expect(metrics["test.r2"] != nil && metrics["test.r2.low"] != nil)
        let scaled = Self.three.compactMap { metrics["test.\($0.name).rmse_scaled"] }
        #expect(scaled.count == 3)
        #expect(abs((metrics["test.rmse_scaled"] ?? .nan) - scaled.reduce(0, +) / 3) < 1e-15)
        let scores = try JSON.parse(Array(try harness.text(outputs["scores"]!, "scores.json").utf8))
        #expect(scores["scale"] == nil && scores["scales"]?.list?.count == 3)
        #expect(outputs["songs"]?.attributes["scales"]?.list?.count == 3)
    }

    @Test func foldsArePooledForThreeTargets() throws {
        var study = try ToyStudy(harness)
        try study.relabel(Self.three)
        let folds = try harness.run(AssignFoldsStage.self, with: ["folds": 2], inputs: ["labels": study.labels])[
            "folds"]!
        var inputs = ["labels": study.labels]
        for fold in 0..<2 {
            let split = try harness.run(FoldSplitStage.self, with: ["fold": .int(fold)], inputs: ["folds": folds])[
                "split"]!
            inputs["split@fold=\(fold)"] = split
            inputs["predictions@fold=\(fold)"] = try harness.run(
                RidgeStage.self, inputs: ["features": study.features, "labels": study.labels, "split": split])[
                    "predictions"]!
        }
        _ = try harness.run(OutOfFoldStage.self, with: ["folds": 2, "bootstrap": 50], inputs: inputs)
        for target in Self.three {
            #expect(try #require(harness.services.metrics["pooled.\(target.name).r2"]) > 0.5)
        }
        #expect(harness.services.metrics["pooled.rmse"] == nil && harness.services.metrics["pooled.rmse_scaled"] != nil)
    }
}
